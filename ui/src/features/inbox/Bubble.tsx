/** One message, one note, or one that is not sent yet. */
import { CircleAlert, CircleHelp, Clock, NotebookPen, Sparkles, ThumbsDown, ThumbsUp } from "lucide-react";
import { useErrorWords } from "../../design/Parts";
import { Tip } from "../../design/Tip";
import { useFormat } from "../../i18n/format";
import { AnswerBody } from "../../shared/answer/AnswerBody";
import { SourceChips } from "../../shared/answer/SourceChips";
import type { AnswerSide } from "../../shared/answer/side";
import { Attachments } from "./Attachments";
import { initials } from "./holding";
import css from "./thread.module.css";
import type { Unsent } from "./useSending";
import type { Message, Note } from "./wire";
import { useWords } from "./words";

interface Props {
  message: Message;
  /** The customer's. */
  name: string;
  /** It does not go on from the message before it. */
  isFirst: boolean;
  shown: AnswerSide | undefined;
  onOpen: (side: AnswerSide) => void;
}

export function Bubble({ message, name, isFirst, shown, onOpen }: Props) {
  const say = useWords();
  const { clock } = useFormat();
  const { author, text, operator, citations } = message;
  const time = clock(message.created_at);
  const who =
    author === "assistant"
      ? say("message.assistant", { time })
      : say("message.contact", { name: author === "contact" ? name : operator, time });
  const source = (index: number): AnswerSide => ({
    kind: "source",
    messageId: message.id,
    places: citations,
    index,
  });
  const openNumber = (number: number) =>
    onOpen(
      source(
        Math.max(
          0,
          citations.findIndex((citation) => citation.number === number),
        ),
      ),
    );
  return (
    <li className={css.message} data-by={author} data-first={isFirst || undefined}>
      <article className={css.said} aria-label={who}>
        {isFirst && author !== "contact" && (
          <span className={css.mark} aria-hidden="true">
            {author === "assistant" ? <Sparkles size={14} strokeWidth={1.5} /> : initials(operator) || "?"}
          </span>
        )}
        <div className={css.bubble}>
          {author === "member" && isFirst && operator !== "" && <b className={css.by}>{operator}</b>}
          {author === "assistant" ? (
            <AnswerBody text={text} sources={citations} onSource={openNumber} />
          ) : (
            text !== "" && (
              <p className={css.text} dir="auto">
                {text}
              </p>
            )
          )}
          <Attachments attachments={message.attachments} />
          <span className={css.meta}>
            {message.edited_at !== null && (
              <Tip text={clock(message.edited_at)}>
                <span>{say("message.edited")}</span>
              </Tip>
            )}
            <time dateTime={message.created_at} className="numbers">
              {time}
            </time>
            <Delivery message={message} />
          </span>
        </div>
        {author === "assistant" && (
          <>
            <SourceChips
              citations={citations}
              messageId={message.id}
              shown={shown}
              onOpen={(index) => onOpen(source(index))}
            />
            <div className={css.foot}>
              {message.outcome === "refused" && <span>{say("message.refused")}</span>}
              {message.rating && <Rated rating={message.rating} />}
              <button
                type="button"
                aria-pressed={shown?.kind === "trace" && shown.messageId === message.id}
                onClick={() => onOpen({ kind: "trace", messageId: message.id })}
              >
                <CircleHelp size={14} strokeWidth={1.5} aria-hidden="true" />
                {say("message.why")}
              </button>
            </div>
          </>
        )}
      </article>
    </li>
  );
}

/** Only what somebody should know: that it arrived goes without saying. */
function Delivery({ message: { delivery } }: { message: Message }) {
  const say = useWords();
  if (!delivery || delivery.state === "sent") return null;
  const isBad = delivery.state === "failed" || delivery.state === "uncertain";
  const Icon = isBad ? CircleAlert : Clock;
  return (
    <span className={isBad ? css.undelivered : undefined}>
      <Icon size={12} strokeWidth={1.75} aria-hidden="true" />
      {say(`delivery.${delivery.state}`)}
    </span>
  );
}

function Rated({ rating }: { rating: "good" | "bad" }) {
  const say = useWords();
  const Icon = rating === "good" ? ThumbsUp : ThumbsDown;
  return (
    <span>
      <Icon size={14} strokeWidth={1.5} aria-hidden="true" />
      {say(`message.${rating}`)}
    </span>
  );
}

export function NoteView({ note }: { note: Note }) {
  const say = useWords();
  const { clock } = useFormat();
  return (
    <li className={css.note}>
      <article aria-label={say("message.note", { name: note.by.name })}>
        <header>
          <NotebookPen size={14} strokeWidth={1.5} aria-hidden="true" />
          <span>{say("message.note", { name: note.by.name })}</span>
          <time dateTime={note.created_at} className="numbers">
            {clock(note.created_at)}
          </time>
        </header>
        <p className={css.text} dir="auto">
          {note.text}
        </p>
      </article>
    </li>
  );
}

/** A reply or a note on its way; one that failed stays with a way on. */
export function UnsentView({
  one,
  onAgain,
  onDiscard,
}: {
  one: Unsent;
  onAgain: () => void;
  onDiscard: () => void;
}) {
  const say = useWords();
  const errorWords = useErrorWords();
  const isFailed = one.error !== undefined;
  return (
    <li className={css.message} data-by="member" data-unsent="">
      <div className={css.said}>
        <div className={css.bubble}>
          <p className={css.text} dir="auto">
            {one.text}
          </p>
          {!isFailed && (
            <span className={css.meta}>
              <Clock size={12} strokeWidth={1.75} aria-hidden="true" />
              {say("message.sending")}
            </span>
          )}
        </div>
        {isFailed && (
          <div className={css.failed} role="alert">
            <CircleAlert size={14} strokeWidth={1.5} aria-hidden="true" />
            <span>
              {say("message.failed")}. {errorWords(one.error)}.
            </span>
            <button type="button" onClick={onAgain}>
              {say("message.again")}
            </button>
            <button type="button" onClick={onDiscard}>
              {say("message.discard")}
            </button>
          </div>
        )}
      </div>
    </li>
  );
}
