/** One question: how often, when and where it was asked, what was said, and what can be done about it. */
import { PenLine } from "lucide-react";
import { useLayoutEffect, useRef, useState } from "react";
import { Link } from "wouter";
import { Button } from "../../design/Button";
import { useFormat } from "../../i18n/format";
import type { Entry } from "./entries";
import css from "./improve.module.css";
import { useWords } from "./words";

interface Props {
  entry: Entry;
  isCurrent: boolean;
  isSuggested: boolean;
  onFocus: () => void;
  /** What its reader may do; nothing for what they may not. */
  onWrite: (() => void) | undefined;
  onDismiss: (() => void) | undefined;
  onBack: (() => void) | undefined;
}

export function EntryRow({ entry, isCurrent, isSuggested, onFocus, onWrite, onDismiss, onBack }: Props) {
  const say = useWords();
  const format = useFormat();
  const { kind, said } = entry;
  const languages = entry.languages.map((code) => format.language(code)).filter(Boolean);
  const facts = [
    entry.asked === undefined ? "" : say("asked", { count: entry.asked }),
    say(`at.${kind}`, { ago: format.ago(entry.at) }),
    entry.channels.map((channel) => say(`channel.${channel}`)).join(", "),
    languages.join(", "),
  ].filter(Boolean);
  return (
    <li className={css.row} tabIndex={-1} data-current={isCurrent || undefined} onFocus={onFocus}>
      <div className={css.main}>
        <Question text={entry.question} />
        <p className={css.facts}>
          {facts.map((fact) => (
            <span key={fact}>{fact}</span>
          ))}
          <Link href={`/inbox/ai/${entry.conversation}`}>{say("do.look")}</Link>
        </p>
        {said && (
          <blockquote className={css.said} data-by={said.by === undefined ? "ai" : "person"}>
            <p>{said.by === undefined ? say("said.assistant") : say("said.person", { name: said.by })}</p>
            <p dir="auto">{said.text}</p>
          </blockquote>
        )}
      </div>
      <div className={css.acts}>
        {onDismiss && (
          <Button size="small" look="quiet" onClick={onDismiss}>
            {say(kind === "rated" ? "do.done" : "do.dismiss")}
          </Button>
        )}
        {onBack && (
          <Button size="small" look="quiet" onClick={onBack}>
            {say("do.back")}
          </Button>
        )}
        {onWrite && (
          <Button
            size="small"
            icon={<PenLine size={14} strokeWidth={1.75} aria-hidden="true" />}
            onClick={onWrite}
          >
            {say(isSuggested ? "do.use" : "do.write")}
          </Button>
        )}
      </div>
    </li>
  );
}

/** A question that is longer than its lines shows the rest when it is asked to. */
function Question({ text }: { text: string }) {
  const say = useWords();
  const [isLong, setLong] = useState(false);
  const [isWhole, setWhole] = useState(false);
  const words = useRef<HTMLParagraphElement>(null);
  useLayoutEffect(() => {
    const element = words.current;
    if (!element) return;
    const watch = new ResizeObserver(() => setLong(element.scrollHeight > element.clientHeight + 1));
    watch.observe(element);
    return () => watch.disconnect();
  }, []);
  return (
    <div>
      <p ref={words} className={css.question} data-whole={isWhole || undefined} dir="auto">
        {text}
      </p>
      {(isLong || isWhole) && (
        <button
          type="button"
          className={css.whole}
          aria-expanded={isWhole}
          onClick={() => setWhole(!isWhole)}
        >
          {say(isWhole ? "question.less" : "question.whole")}
        </button>
      )}
    </div>
  );
}
