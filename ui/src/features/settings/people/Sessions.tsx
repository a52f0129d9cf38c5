/** Where one is signed in, and ending what is not one's own any more. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { Monitor, Smartphone } from "lucide-react";
import { api, take } from "../../../api/client";
import { sessionsQuery } from "../../../api/queries";
import { Button } from "../../../design/Button";
import { Badge, ErrorNote, Section, Skeleton } from "../../../design/Parts";
import { toast } from "../../../design/Toast";
import { useFormat } from "../../../i18n/format";
import css from "./people.module.css";
import { useWords } from "./words";

const phones = ["iPhone", "iPad", "Android"];

export function Sessions() {
  const say = useWords();
  return (
    <Section title={say("sessions.title")} about={say("sessions.about")}>
      <Places />
    </Section>
  );
}

function Places() {
  const say = useWords();
  const format = useFormat();
  const sessions = useQuery(sessionsQuery);
  const end = useMutation({
    mutationFn: (id: string) => take(api.DELETE("/api/sessions/{id}", { params: { path: { id } } })),
    meta: { stale: ["sessions"] },
    onSuccess: () => void toast({ text: say("sessions.ended") }),
  });
  const endOthers = useMutation({
    mutationFn: () => take(api.DELETE("/api/sessions")),
    meta: { stale: ["sessions"] },
    onSuccess: () => void toast({ text: say("sessions.othersEnded") }),
  });
  if (sessions.isPending) return <Skeleton lines={2} height={40} />;
  if (sessions.isError && !sessions.data)
    return <ErrorNote error={sessions.error} onRetry={() => void sessions.refetch()} />;
  const error = end.error ?? endOthers.error;
  return (
    <>
      <ul className={css.rows} aria-label={say("sessions.list")}>
        {sessions.data.map(({ id, browser, system, address, created_at, last_seen_at, is_this }) => {
          const device =
            browser && system
              ? say("sessions.both", { browser, system })
              : (browser ?? system ?? say("sessions.unknown"));
          const Icon = phones.includes(system ?? "") ? Smartphone : Monitor;
          return (
            <li key={id} className={css.row}>
              <Icon size={20} strokeWidth={1.5} aria-hidden="true" className={css.device} />
              <div className={css.main}>
                <span className={css.name}>
                  {device} {is_this && <Badge tone="accent">{say("sessions.this")}</Badge>}
                </span>
                <span className={css.facts}>
                  {address !== "" && <span>{say("sessions.from", { address })}</span>}
                  <span>{say("sessions.used", { when: format.ago(last_seen_at) })}</span>
                  <span>{say("sessions.since", { when: format.moment(created_at) })}</span>
                </span>
              </div>
              {!is_this && (
                <Button
                  size="small"
                  aria-label={say("sessions.endOf", { device })}
                  busy={end.isPending && end.variables === id}
                  onClick={() => end.mutate(id)}
                >
                  {say("sessions.end")}
                </Button>
              )}
            </li>
          );
        })}
      </ul>
      {error && <ErrorNote error={error} />}
      {sessions.data.length > 1 && (
        <div className={css.actions}>
          <Button busy={endOthers.isPending} onClick={() => endOthers.mutate()}>
            {say("sessions.endOthers")}
          </Button>
        </div>
      )}
    </>
  );
}
