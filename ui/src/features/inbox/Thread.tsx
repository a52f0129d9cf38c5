/** What was said, the newest in view: customer left, business right, notes and what happened between them. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { Button } from "../../design/Button";
import { ErrorNote, Skeleton } from "../../design/Parts";
import { useFormat } from "../../i18n/format";
import type { AnswerSide } from "../../shared/answer/side";
import { assignmentsQuery, logQuery, messagesQuery, notesQuery } from "./api";
import { Bubble, NoteView, UnsentView } from "./Bubble";
import { givenWords, transitionWords } from "./holding";
import css from "./thread.module.css";
import { type Entry, timeline } from "./timeline";
import type { Unsent } from "./useSending";
import type { Message, Row } from "./wire";
import { useWords } from "./words";

/** So near to the end, in CSS pixels, that new words keep the end in view. */
const NEAR_END = 120;

interface Props {
  row: Row;
  name: string;
  me: string | undefined;
  shown: AnswerSide | undefined;
  unsent: readonly Unsent[];
  onOpen: (side: AnswerSide) => void;
  onAgain: (one: Unsent) => void;
  onDiscard: (one: Unsent) => void;
}

export function Thread({ row, name, me, shown, unsent, onOpen, onAgain, onDiscard }: Props) {
  const say = useWords();
  const { dayInWords: day } = useFormat();
  const said = useInfiniteQuery(messagesQuery(row.id));
  const notes = useQuery(notesQuery(row.id)).data;
  const log = useQuery(logQuery(row.id)).data;
  const given = useQuery(assignmentsQuery(row.id)).data;
  const messages = useMemo(
    () => [...(said.data?.pages ?? [])].reverse().flatMap((page) => page.items),
    [said.data],
  );
  const entries = useMemo(
    () => timeline(messages, notes ?? [], log ?? [], given ?? [], said.hasNextPage, day),
    [messages, notes, log, given, said.hasNextPage, day],
  );
  const scroller = useScroll(entries.length + unsent.length, messages[0]?.id);

  if (said.isError && !said.data) {
    return (
      <div className={css.scroller}>
        <div className={css.thread}>
          <ErrorNote error={said.error} onRetry={() => void said.refetch()} />
        </div>
      </div>
    );
  }
  return (
    <div ref={scroller.ref} className={css.scroller} onScroll={scroller.onScroll}>
      {said.isPending ? (
        <div className={css.thread} aria-hidden="true">
          <Skeleton lines={7} height={32} />
        </div>
      ) : (
        <ol className={css.thread} aria-label={say("thread.label", { name })}>
          {said.hasNextPage && (
            <li className={css.earlier}>
              <Button
                size="small"
                look="quiet"
                busy={said.isFetchingNextPage}
                onClick={() => void said.fetchNextPage()}
              >
                {say("thread.earlier")}
              </Button>
            </li>
          )}
          {entries.length === 0 && unsent.length === 0 && <li className={css.line}>{say("thread.empty")}</li>}
          {entries.map((entry) => (
            <EntryView key={entry.key} entry={entry} name={name} me={me} shown={shown} onOpen={onOpen} />
          ))}
          {unsent.map((one) => (
            <UnsentView
              key={one.key}
              one={one}
              onAgain={() => onAgain(one)}
              onDiscard={() => onDiscard(one)}
            />
          ))}
        </ol>
      )}
      <Announcer messages={messages} name={name} />
    </div>
  );
}

function EntryView({
  entry,
  name,
  me,
  shown,
  onOpen,
}: { entry: Entry } & Pick<Props, "name" | "me" | "shown" | "onOpen">) {
  const say = useWords();
  const { dayInWords, clock } = useFormat();
  switch (entry.kind) {
    case "day":
      return <li className={css.day}>{dayInWords(entry.at)}</li>;
    case "event":
      return (
        <li className={css.line}>
          {transitionWords(entry.transition, me, say)}
          <time dateTime={entry.at}>{clock(entry.at)}</time>
        </li>
      );
    case "given":
      return (
        <li className={css.line}>
          {givenWords(entry.assignment, me, say)}
          <time dateTime={entry.at}>{clock(entry.at)}</time>
        </li>
      );
    case "note":
      return <NoteView note={entry.note} />;
    case "message":
      return (
        <Bubble message={entry.message} name={name} isFirst={entry.isFirst} shown={shown} onOpen={onOpen} />
      );
  }
}

/**
 * Keeps the end in view while the reader is there, and what is read in place when earlier messages come in above
 * it.
 */
function useScroll(count: number, first: string | undefined) {
  const ref = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  const height = useRef(0);
  const before = useRef(first);
  const isEmpty = count === 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the place is set anew whenever something comes or goes
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return;
    const hasGrownAbove = before.current !== undefined && before.current !== first;
    if (hasGrownAbove && !follows.current) element.scrollTop += element.scrollHeight - height.current;
    else if (follows.current) element.scrollTop = element.scrollHeight;
    height.current = element.scrollHeight;
    before.current = first;
  }, [count, first]);
  // Pictures that arrive, and a composer that grows, move the end as well.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the list is another element once there is something in it
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const watch = new ResizeObserver(() => {
      if (follows.current) element.scrollTop = element.scrollHeight;
    });
    for (const one of [element, ...element.children]) watch.observe(one);
    return () => watch.disconnect();
  }, [isEmpty]);
  const onScroll = () => {
    const element = ref.current;
    if (!element) return;
    follows.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END;
    height.current = element.scrollHeight;
  };
  return { ref, onScroll };
}

/** Reads what the customer says while the conversation is open; not what stood there before. */
function Announcer({ messages, name }: { messages: readonly Message[]; name: string }) {
  const say = useWords();
  const [said, setSaid] = useState("");
  const last = messages.at(-1);
  const heard = useRef<number>(undefined);
  useEffect(() => {
    if (!last) return;
    const isNew = heard.current !== undefined && last.seq > heard.current;
    heard.current = last.seq;
    if (isNew && last.author === "contact") setSaid(say("thread.new", { name, text: last.text }));
  }, [last, name, say]);
  return (
    <div className="unseen" aria-live="polite">
      {said}
    </div>
  );
}
