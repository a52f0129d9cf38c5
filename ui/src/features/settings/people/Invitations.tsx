/** Invitations that wait, and the button that makes another one. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { Ellipsis, RotateCcw, Undo2, UserPlus } from "lucide-react";
import { useState } from "react";
import { api, take } from "../../../api/client";
import { invitationsQuery } from "../../../api/queries";
import type { Invitation, Invited } from "../../../api/types";
import { Button, IconButton } from "../../../design/Button";
import { Menu } from "../../../design/Menu";
import { Badge, ErrorNote, Skeleton, useErrorWords } from "../../../design/Parts";
import { toast } from "../../../design/Toast";
import { useFormat } from "../../../i18n/format";
import { useLanguage } from "../../../i18n/language";
import { Invite, TheLink } from "./Invite";
import { leave, useLeaving } from "./leaving";
import css from "./people.module.css";
import { reasonOf } from "./reasons";
import { useWords } from "./words";

export function Invitations() {
  const say = useWords();
  const invitations = useQuery(invitationsQuery);
  const leaving = useLeaving();
  const [isInviting, invite] = useState(false);
  const [made, show] = useState<Invited>();
  const waiting = invitations.data?.filter(({ id }) => !leaving.has(id)) ?? [];
  return (
    <>
      {invitations.isPending && <Skeleton lines={2} height={40} />}
      {invitations.isError && (
        <ErrorNote error={invitations.error} onRetry={() => void invitations.refetch()} />
      )}
      {waiting.length > 0 && (
        <ul className={css.rows} aria-label={say("invite.list")}>
          {waiting.map((invitation) => (
            <Waiting key={invitation.id} invitation={invitation} onMade={show} />
          ))}
        </ul>
      )}
      {invitations.data && waiting.length === 0 && <p className={css.note}>{say("invite.none")}</p>}
      <div className={css.actions}>
        <Button
          icon={<UserPlus size={16} strokeWidth={1.5} aria-hidden="true" />}
          onClick={() => invite(true)}
        >
          {say("invite.open")}
        </Button>
      </div>
      {isInviting && <Invite onClose={() => invite(false)} />}
      {made && <TheLink invited={made} onClose={() => show(undefined)} />}
    </>
  );
}

function Waiting({ invitation, onMade }: { invitation: Invitation; onMade: (invited: Invited) => void }) {
  const say = useWords();
  const format = useFormat();
  const language = useLanguage();
  const errorWords = useErrorWords();
  const { id, email, role, letter, reason, expires_at } = invitation;
  const isPast = new Date(expires_at).getTime() <= Date.now();
  const whom = email || say("invite.whoever");
  const failed = (error: unknown) => void toast({ text: errorWords(error) });
  const again = useMutation({
    mutationFn: () =>
      take(api.POST("/api/invitations/{id}/again", { params: { path: { id } }, body: { language } })),
    meta: { stale: ["team"] },
    onSuccess: onMade,
    onError: failed,
  });
  const why = reasonOf(reason);
  return (
    <li className={css.row}>
      <div className={css.main}>
        <span className={css.name}>{whom}</span>
        <span className={css.facts}>
          <span>{say(`role.${role}`)}</span>
          {isPast ? (
            <Badge tone="warn">{say("invite.past")}</Badge>
          ) : (
            <span>{say("invite.until", { when: format.day(expires_at) })}</span>
          )}
          {letter !== "none" && (
            <Badge tone={letter === "sent" ? "good" : letter === "failed" ? "danger" : "plain"}>
              {say(`letter.${letter}`)}
            </Badge>
          )}
        </span>
        {why && (
          <span className={css.why}>
            {say(`reason.${why}`)} {letter === "waiting" && say("letter.again")}
          </span>
        )}
      </div>
      <div className={css.hands}>
        <Menu
          trigger={
            <IconButton
              label={say("invite.more", { name: whom })}
              icon={<Ellipsis size={16} strokeWidth={1.5} aria-hidden="true" />}
            />
          }
          entries={[
            {
              label: say("invite.again"),
              icon: <RotateCcw size={16} strokeWidth={1.5} aria-hidden="true" />,
              disabled: again.isPending,
              onPick: () => again.mutate(),
            },
            {
              label: say("invite.withdraw"),
              icon: <Undo2 size={16} strokeWidth={1.5} aria-hidden="true" />,
              danger: true,
              onPick: () => leave("invitations", id, say("invite.withdrawn"), failed),
            },
          ]}
        />
      </div>
    </li>
  );
}
