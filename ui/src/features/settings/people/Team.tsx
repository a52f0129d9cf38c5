/** Everybody who signs in: roles, invitations that wait, what changed. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { teamQuery } from "../../../api/queries";
import type { Member } from "../../../api/types";
import { Button } from "../../../design/Button";
import { ErrorNote, Section, Skeleton } from "../../../design/Parts";
import { Invitations } from "./Invitations";
import { useLeaving } from "./leaving";
import { MemberRow } from "./MemberRow";
import { PeopleLog } from "./PeopleLog";
import css from "./people.module.css";
import { useWords } from "./words";

export function Team({ me }: { me: Member }) {
  const say = useWords();
  const team = useQuery(teamQuery);
  const leaving = useLeaving();
  const [isLogShown, showLog] = useState(false);
  const isOwner = me.role === "owner";
  const members = team.data?.filter(({ member }) => !leaving.has(member.id)) ?? [];
  const owners = members.filter(({ member }) => member.role === "owner").length;
  return (
    <div>
      <Section title={say("team.title")} about={say("team.about")}>
        {team.isPending && <Skeleton lines={3} height={48} />}
        {team.isError && <ErrorNote error={team.error} onRetry={() => void team.refetch()} />}
        {members.length > 0 && (
          <ul className={css.rows} aria-label={say("team.list")}>
            {members.map((row) => (
              <MemberRow
                key={row.member.id}
                row={row}
                isMe={row.member.id === me.id}
                isOwner={isOwner}
                isLastOwner={row.member.role === "owner" && owners === 1}
              />
            ))}
          </ul>
        )}
        {!isOwner && <p className={css.note}>{say("team.onlyLook")}</p>}
        {isOwner && members.length === 1 && <p className={css.note}>{say("team.alone")}</p>}
      </Section>
      {isOwner && (
        <>
          <Section title={say("invite.title")} about={say("invite.about")}>
            <Invitations />
          </Section>
          <Section title={say("log.title")} about={say("log.about")}>
            {isLogShown ? (
              <PeopleLog />
            ) : (
              <div className={css.actions}>
                <Button onClick={() => showLog(true)}>{say("log.show")}</Button>
              </div>
            )}
          </Section>
        </>
      )}
    </div>
  );
}
