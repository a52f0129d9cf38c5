/** Beside a conversation: who it is, why a person was asked for, where answers stand, what happened. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { CircleHelp } from "lucide-react";
import { lazy, Suspense } from "react";
import { ErrorNote, Skeleton } from "../../design/Parts";
import { useFormat } from "../../i18n/format";
import { SourceChips } from "../../shared/answer/SourceChips";
import type { AnswerSide, SourceSide } from "../../shared/answer/side";
import { contactQuery, logQuery, messagesQuery } from "./api";
import { transitionWords, whyWords } from "./holding";
import css from "./side.module.css";
import type { Row } from "./wire";
import { type InboxSay, useWords } from "./words";

const SourcePanel = lazy(() =>
  import("../../shared/answer/SourcePanel").then(({ SourcePanel }) => ({ default: SourcePanel })),
);
const TracePanel = lazy(() =>
  import("../../shared/answer/TracePanel").then(({ TracePanel }) => ({ default: TracePanel })),
);

interface Props {
  row: Row;
  name: string;
  me: string | undefined;
  shown: AnswerSide | undefined;
  /** Opens something on top of what is shown. */
  onOpen: (side: AnswerSide) => void;
  /** Shows another source in the place of this one. */
  onSide: (side: SourceSide) => void;
}

export function sideTitle(shown: AnswerSide | undefined, say: InboxSay): string {
  if (!shown) return say("details.title");
  return say(shown.kind === "trace" ? "message.why" : "details.source");
}

export function Side({ row, name, me, shown, onOpen, onSide }: Props) {
  if (!shown) return <Details row={row} name={name} me={me} onOpen={onOpen} />;
  return (
    <Suspense fallback={<Waiting />}>
      {shown.kind === "source" ? (
        <SourcePanel side={shown} onSide={onSide} />
      ) : (
        <TracePanel messageId={shown.messageId} onOpen={onOpen} />
      )}
    </Suspense>
  );
}

function Waiting() {
  return (
    <div className={css.part}>
      <Skeleton lines={5} />
    </div>
  );
}

/** Lines of what happened that are shown: the latest. */
const FEW = 6;

function Details({ row, name, me, onOpen }: Pick<Props, "row" | "name" | "me" | "onOpen">) {
  const say = useWords();
  const format = useFormat();
  const contact = useQuery(contactQuery(row.id));
  const log = useQuery(logQuery(row.id)).data ?? [];
  const why = log.findLast(({ to }) => to.state === "requested")?.to ?? row.handoff;
  const known = contact.data;
  const facts: readonly (readonly [string, string])[] = [
    [say("details.name"), known?.name || name],
    [say("details.username"), known?.username ? `@${known.username}` : ""],
    [say("details.phone"), known?.phone ?? ""],
    [say("details.email"), known?.email ?? ""],
    [say("details.language"), format.language(known?.language || row.language)],
    [say("details.channel"), say(`channel.${row.channel}`)],
    [say("details.since"), format.moment(row.created_at)],
  ];
  return (
    <div className={css.details}>
      <section className={css.part} aria-labelledby="details-contact">
        <h3 id="details-contact">{say("details.contact")}</h3>
        {contact.isError && <ErrorNote error={contact.error} onRetry={() => void contact.refetch()} />}
        <dl className={css.facts}>
          {facts
            .filter(([, value]) => value !== "")
            .map(([term, value]) => (
              <div key={term}>
                <dt>{term}</dt>
                <dd dir="auto">{value}</dd>
              </div>
            ))}
        </dl>
      </section>
      <section className={css.part} aria-labelledby="details-why">
        <h3 id="details-why">{say("details.why")}</h3>
        <p className={css.words}>{whyWords(why, say) || say("details.why_none")}</p>
      </section>
      <section className={css.part} aria-labelledby="details-answer">
        <h3 id="details-answer">{say("details.answers")}</h3>
        <LastAnswer id={row.id} onOpen={onOpen} />
      </section>
      {log.length > 0 && (
        <section className={css.part} aria-labelledby="details-log">
          <h3 id="details-log">{say("details.history")}</h3>
          <ol className={css.log}>
            {log
              .slice(-FEW)
              .reverse()
              .map((one) => (
                <li key={`${one.at} ${one.act}`}>
                  <span>{transitionWords(one, me, say)}</span>
                  <time dateTime={one.at}>{format.moment(one.at)}</time>
                </li>
              ))}
          </ol>
        </section>
      )}
    </div>
  );
}

function LastAnswer({ id, onOpen }: { id: string; onOpen: (side: AnswerSide) => void }) {
  const say = useWords();
  const said = useInfiniteQuery(messagesQuery(id));
  if (said.isPending) return <Skeleton lines={2} />;
  const answer = said.data?.pages
    .flatMap((page) => page.items)
    .filter(({ author }) => author === "assistant")
    .sort((a, b) => a.seq - b.seq)
    .at(-1);
  if (!answer) return <p className={css.words}>{say("details.answers_none")}</p>;
  const { id: messageId, citations } = answer;
  return (
    <>
      {citations.length === 0 && <p className={css.words}>{say("details.no_sources")}</p>}
      <SourceChips
        citations={citations}
        messageId={messageId}
        shown={undefined}
        onOpen={(index) => onOpen({ kind: "source", messageId, places: citations, index })}
      />
      <button type="button" className={css.trace} onClick={() => onOpen({ kind: "trace", messageId })}>
        <CircleHelp size={16} strokeWidth={1.5} aria-hidden="true" />
        {say("message.why")}
      </button>
    </>
  );
}
