/** Which version runs, whether there is a newer one, and getting it. For owners. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { CircleAlert, CircleCheck } from "lucide-react";
import { api, take } from "../../../api/client";
import { updatesQuery } from "../../../api/queries";
import type { Updates as Now } from "../../../api/types";
import { Button } from "../../../design/Button";
import { ErrorNote, Section, Skeleton } from "../../../design/Parts";
import { Toggle } from "../../../design/Toggle";
import { useFormat } from "../../../i18n/format";
import styles from "../Settings.module.css";
import { Found } from "./Found";
import css from "./updates.module.css";
import { useWords } from "./words";

/** What can go wrong: the API's words for it. */
const troubles = [
  "offline",
  "not_encrypted",
  "unreachable",
  "refused",
  "cut_off",
  "too_large",
  "unsigned",
  "bad_signature",
  "unreadable",
  "older",
  "wrong_content",
  "wrong_package",
  "full",
  "disk",
  "no_backup",
  "not_permitted",
  "not_installed",
] as const;

export function Updates() {
  const say = useWords();
  const updates = useQuery(updatesQuery);
  const now = updates.data;
  return (
    <div>
      <Section title={say("title")} about={say("about")}>
        {updates.isPending && <Skeleton lines={3} height={36} />}
        {updates.isError && <ErrorNote error={updates.error} onRetry={() => void updates.refetch()} />}
        {now && <Running now={now} />}
      </Section>
      {now?.found && <Found now={now} found={now.found} />}
    </div>
  );
}

function Running({ now }: { now: Now }) {
  const say = useWords();
  const format = useFormat();
  const host = now.host ?? "";
  const check = useMutation({
    mutationFn: () => take(api.POST("/api/updates/check")),
    meta: { stale: ["settings"] },
  });
  const daily = useMutation({
    mutationFn: (daily: boolean) => take(api.PATCH("/api/updates", { body: { daily } })),
    meta: { stale: ["settings"] },
  });
  const trouble = troubles.find((one) => one === now.trouble);
  const isAsking = check.isPending || now.checking;
  const isNewest = now.checked_at !== null && now.found === null && trouble === undefined;
  const error = check.error ?? daily.error;
  return (
    <div className={styles.form}>
      <div className={css.head}>
        <span className={css.version}>{say("runs", { version: now.installed })}</span>
        {isNewest && (
          <span className={styles.good}>
            <CircleCheck size={16} strokeWidth={1.5} aria-hidden="true" />
            {say("newest")}
          </span>
        )}
      </div>
      {now.host === null && <p className={styles.note}>{say("alone")}</p>}
      {now.host !== null && now.offline && <p className={styles.note}>{say("offline")}</p>}
      {now.host !== null && (
        <>
          <Toggle
            label={say("daily")}
            help={say("dailyHelp", { host })}
            checked={daily.isPending ? daily.variables : now.daily}
            disabled={now.offline}
            onChange={(on) => daily.mutate(on)}
          />
          <div className={styles.row}>
            <Button busy={isAsking} disabled={now.offline} onClick={() => check.mutate()}>
              {say("check")}
            </Button>
            <span className={styles.note} role="status">
              {isAsking
                ? say("checking", { host })
                : now.checked_at === null
                  ? say("never")
                  : say("checked", { ago: format.ago(now.checked_at) })}
            </span>
          </div>
        </>
      )}
      {trouble && !isAsking && (
        <p className={styles.bad} role="alert">
          <CircleAlert size={16} strokeWidth={1.5} aria-hidden="true" style={{ flex: "none" }} />
          <span>{say(`trouble.${trouble}`, { host })}</span>
        </p>
      )}
      {error && <ErrorNote error={error} />}
    </div>
  );
}
