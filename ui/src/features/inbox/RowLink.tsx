/** One conversation in the list: who, what was said last, when, where, and what it wants. */
import { Bot, type LucideIcon, MessageSquareText, Send, Webhook } from "lucide-react";
import { Link } from "wouter";
import { Tip } from "../../design/Tip";
import { useFormat } from "../../i18n/format";
import { initials, isMember, whyWords } from "./holding";
import { LabelDots } from "./LabelDots";
import { labelsOf } from "./labels";
import css from "./list.module.css";
import type { Channel, Hit, Label, Row, Section } from "./wire";
import { useWords } from "./words";

/** Height of a row in CSS pixels; the same in the style sheet. */
export const ROW = 84;

const channels: Record<Channel, LucideIcon> = {
  telegram: Send,
  playground: MessageSquareText,
  api: Webhook,
};

interface Props {
  row: Row;
  /** What was found in it, in a list of what was found. */
  said?: Hit["said"] | undefined;
  /** All there are. */
  labels: readonly Label[];
  section: Section;
  me: string | undefined;
  isCurrent: boolean;
  /** Pixels from the top of the list. */
  offset: number;
  place: number;
  /** -1 while there are more than are loaded. */
  total: number;
}

export function RowLink({ row, said, labels, section, me, isCurrent, offset, place, total }: Props) {
  const say = useWords();
  const { near, moment } = useFormat();
  const name = row.contact_name || row.contact_username || say("list.nameless");
  const isWaiting = row.unanswered > 0 && row.handoff.state !== "closed";
  const Channel = channels[row.channel];
  const last = said ?? row.last;
  const at = said?.at ?? row.last_at;
  return (
    <li
      className={css.place}
      style={{ transform: `translateY(${offset}px)` }}
      aria-posinset={place}
      aria-setsize={total}
    >
      <Link
        href={`/inbox/${section}/${row.id}`}
        className={css.row}
        aria-current={isCurrent ? "true" : undefined}
        data-waiting={isWaiting || undefined}
      >
        <span className={css.face} aria-hidden="true">
          {initials(name) || "?"}
        </span>
        <span className={css.main}>
          <span className={css.top}>
            <b dir="auto">{name}</b>
            <time dateTime={at} title={moment(at)} className="numbers">
              {near(at)}
            </time>
          </span>
          <span className={css.snippet} dir="auto">
            {last?.author === "assistant" && <Bot size={14} strokeWidth={1.75} aria-hidden="true" />}
            {last?.author === "member" && <i>{say("list.you")}: </i>}
            <span>{last?.text || row.title}</span>
            {isWaiting && (
              <span className={css.dot}>
                <span className="unseen">{say("list.waiting")}</span>
              </span>
            )}
          </span>
          <span className={css.foot}>
            {hasStanding(row) ? (
              <>
                <Tip text={say(`channel.${row.channel}`)}>
                  <span>
                    <Channel size={12} strokeWidth={1.75} aria-hidden="true" />
                    <span className="unseen">{say(`channel.${row.channel}`)}</span>
                  </span>
                </Tip>
                <Standing row={row} me={me} />
              </>
            ) : (
              <>
                <Channel size={12} strokeWidth={1.75} aria-hidden="true" />
                {say(`channel.${row.channel}`)}
              </>
            )}
            <LabelDots labels={labelsOf(row.labels, labels)} />
          </span>
        </span>
      </Link>
    </li>
  );
}

/** Where nobody waits for it and nobody has it, the channel stands in words. */
function hasStanding({ handoff, assignee }: Row): boolean {
  return handoff.state === "requested" || handoff.state === "taken" || assignee !== null;
}

/** Why it wants a person, who has it, or who looks after it. */
function Standing({ row: { handoff, assignee }, me }: { row: Row; me: string | undefined }) {
  const say = useWords();
  if (handoff.state === "requested") return <span className={css.why}>{whyWords(handoff, say)}</span>;
  if (handoff.state === "taken") {
    const isMe = isMember(handoff.operator, me);
    return <span className={css.holder}>{isMe ? say("list.you") : handoff.operator?.name}</span>;
  }
  if (assignee) {
    const words = assignee.id === me ? say("list.yours") : say("list.assigned", { name: assignee.name });
    return <span className={css.holder}>{words}</span>;
  }
  return null;
}
