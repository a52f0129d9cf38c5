/** The conversation: questions and answers under each other, the newest in view; j and k go between answers. */
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { useFormat } from "../../i18n/format";
import type { Side } from "./side";
import { TurnView } from "./TurnView";
import css from "./thread.module.css";
import { isOpen, type Turn } from "./turns";
import { useWords } from "./words";

/** So near to the end, in CSS pixels, that new words keep the end in view. */
const NEAR_END = 80;

type Props = {
  turns: readonly Turn[];
  name: string;
  shown: Side | undefined;
  onOpen: (side: Side) => void;
  onAgain: (turn: Turn) => void;
  onWithdraw: (turn: Turn) => void;
  onEdit: (question: string) => void;
};

export function Thread({ turns, name, shown, onOpen, onAgain, onWithdraw, onEdit }: Props) {
  const t = useWords();
  const { day } = useFormat();
  const scroller = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  const count = turns.length;

  // A new question is always brought into view; words only while the reader is at the end.
  useLayoutEffect(() => {
    if (count > 0) follows.current = true;
  }, [count]);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element && turns && follows.current) element.scrollTop = element.scrollHeight;
  }, [turns]);
  useJumpKeys(scroller);

  const onScroll = () => {
    const element = scroller.current;
    if (!element) return;
    follows.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END;
  };

  return (
    <div ref={scroller} className={css.scroller} onScroll={onScroll}>
      <ol className={css.thread} aria-label={t("play.thread")}>
        {turns.map((turn, index) => {
          const before = turns[index - 1];
          const isNewDay = before !== undefined && day(before.askedAt) !== day(turn.askedAt);
          return (
            <li key={turn.key}>
              {isNewDay && <div className={css.day}>{day(turn.askedAt)}</div>}
              <TurnView
                turn={turn}
                name={name}
                shown={shown}
                onOpen={onOpen}
                onAgain={() => onAgain(turn)}
                onWithdraw={() => onWithdraw(turn)}
                onEdit={() => onEdit(turn.question)}
              />
            </li>
          );
        })}
      </ol>
      <Announcer turns={turns} name={name} />
    </div>
  );
}

/** Reads a finished answer out once; the words on their way would be read again and again. */
function Announcer({ turns, name }: { turns: readonly Turn[]; name: string }) {
  const t = useWords();
  const waited = useRef<string>(undefined);
  const [said, setSaid] = useState("");
  const last = turns.at(-1);
  useEffect(() => {
    if (last && isOpen(last)) waited.current = last.key;
    if (last?.answer && waited.current === last.key) {
      waited.current = undefined;
      setSaid(t("play.ready", { name, text: last.answer.text }));
    }
  }, [last, name, t]);
  return (
    <div className="unseen" aria-live="polite">
      {said}
    </div>
  );
}

/** j and k: to the next and the previous answer; s: to its first source. Not while something is written. */
function useJumpKeys(scroller: React.RefObject<HTMLElement | null>) {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const target = event.target;
      const isWriting =
        target instanceof HTMLElement &&
        target.closest("input, textarea, select, [contenteditable], dialog") !== null;
      if (isWriting || event.ctrlKey || event.metaKey || event.altKey) return;
      const answers = [...(scroller.current?.querySelectorAll<HTMLElement>("[data-answer]") ?? [])];
      const at = answers.findIndex((answer) => answer.contains(document.activeElement));
      if (event.key === "j" || event.key === "k") {
        const wanted = event.key === "j" ? at + 1 : at === -1 ? answers.length - 1 : at - 1;
        const answer = answers[Math.max(0, Math.min(answers.length - 1, wanted))];
        answer?.focus({ preventScroll: true });
        answer?.scrollIntoView({ block: "nearest" });
        event.preventDefault();
      }
      if (event.key === "s") {
        const answer = at === -1 ? answers.at(-1) : answers[at];
        answer?.querySelector<HTMLElement>("[data-source]")?.click();
      }
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, [scroller]);
}
