/** Where one writes to the customer, or a note to colleagues. It says what sending does before it is done. */
import { useQuery } from "@tanstack/react-query";
import { ArrowUp, MessageSquareQuote } from "lucide-react";
import {
  type FormEvent,
  type KeyboardEvent,
  type Ref,
  useId,
  useImperativeHandle,
  useRef,
  useState,
} from "react";
import { sessionQuery } from "../../api/queries";
import { IconButton } from "../../design/Button";
import { beforePaste, isEndless } from "../../design/endless";
import { useTooLong } from "../../shared/length/length";
import { repliesQuery } from "./api";
import css from "./composer.module.css";
import { draftOf, keepDraft } from "./drafts";
import { holding, replyEffect } from "./holding";
import { RepliesDialog } from "./RepliesDialog";
import { ReplyPicker } from "./ReplyPicker";
import { asked, filled, offered } from "./replies";
import type { Sending } from "./useSending";
import type { Row } from "./wire";
import { useWords } from "./words";

/** The longest text that the API takes, in characters. */
const LONGEST = 4000;

export interface ComposerHandle {
  focus: () => void;
  /** Goes to the reply. */
  reply: () => void;
}

interface Props {
  ref: Ref<ComposerHandle>;
  row: Row;
  name: string;
  me: string | undefined;
  sending: Sending;
  onTyped: (isEmpty: boolean) => void;
}

export function Composer({ ref, row, name, me, sending, onTyped }: Props) {
  const say = useWords();
  const hint = useId();
  const picker = useId();
  const session = useQuery(sessionQuery).data;
  const replies = useQuery(repliesQuery).data ?? [];
  const [isManaging, manage] = useState(false);
  /** The reply that Enter takes; and the text for which nobody wants any. */
  const [picked, pick] = useState(0);
  const [unwanted, refuse] = useState("");
  const field = useRef<HTMLTextAreaElement>(null);
  const { other } = holding(row.handoff, me);
  const barred = row.is_banned
    ? say("compose.banned")
    : other !== null
      ? say("compose.other", { name: other })
      : "";
  const [mode, setMode] = useState<"reply" | "note">("reply");
  const draft = `${row.id} ${mode}`;
  const [texts, setTexts] = useState<Record<string, string>>({});
  const text = texts[draft] ?? draftOf(draft);
  const over = useTooLong()(text.trim(), LONGEST);
  const isBarred = mode === "reply" && barred !== "";
  const canSend = text.trim() !== "" && !over && !isBarred;

  const typed = mode === "reply" && !isBarred && text !== unwanted ? asked(text) : undefined;
  const choices = typed === undefined ? [] : offered(replies, typed, row.language);
  const chosen = choices[Math.min(picked, choices.length - 1)];

  const write = (next: string) => {
    onTyped(next.trim() === "");
    pick(0);
    keepDraft(draft, next);
    setTexts((all) => ({ ...all, [draft]: next }));
  };
  const focus = () => field.current?.focus();
  const choose = (next: "reply" | "note") => {
    setMode(next);
    requestAnimationFrame(focus);
  };
  useImperativeHandle(ref, () => ({ focus, reply: () => choose("reply") }));

  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    if (!canSend) return;
    sending.send(mode, text.trim());
    write("");
  };
  const take = (words: string) => {
    write(
      filled(words, {
        name: row.contact_name,
        me: session?.member?.name ?? "",
        business: session?.business ?? "",
      }),
    );
    requestAnimationFrame(focus);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // While an input method composes a character, Enter belongs to it.
    if (event.nativeEvent.isComposing) return;
    if (typed !== undefined && isForPicker(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      submit();
    }
    if (event.key === "Escape") field.current?.blur();
  };

  /** True when the key was for the list of replies. */
  const isForPicker = (event: KeyboardEvent): boolean => {
    const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (event.key === "Escape") refuse(text);
    else if (by !== 0 && choices.length > 0) pick((picked + by + choices.length) % choices.length);
    else if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey && chosen) take(chosen.text);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };

  const isNote = mode === "note";
  const effect = isNote ? "" : barred || replyEffect(row.handoff, me, say);
  return (
    <form className={css.composer} onSubmit={submit} data-mode={mode}>
      {/* biome-ignore lint/a11y/useSemanticElements: a switch of two buttons is no group of fields */}
      <div className={css.modes} role="group" aria-label={say("compose.mode")}>
        {(["reply", "note"] as const).map((one) => (
          <button key={one} type="button" aria-pressed={mode === one} onClick={() => choose(one)}>
            {say(`compose.${one}`)}
          </button>
        ))}
        {!isNote && !isBarred && (
          <IconButton
            size="small"
            label={say("replies.open")}
            icon={<MessageSquareQuote size={16} strokeWidth={1.5} />}
            onClick={() => {
              refuse("");
              write("/");
              requestAnimationFrame(focus);
            }}
          />
        )}
      </div>
      {typed !== undefined && (
        <ReplyPicker
          id={picker}
          choices={choices}
          chosen={chosen}
          isAny={replies.length > 0}
          onTake={(reply) => take(reply.text)}
          onManage={() => manage(true)}
        />
      )}
      {isManaging && (
        <RepliesDialog
          language={row.language}
          onClose={() => {
            manage(false);
            requestAnimationFrame(focus);
          }}
        />
      )}
      <div className={css.box}>
        <textarea
          ref={field}
          rows={1}
          value={text}
          placeholder={isNote ? say("compose.note_placeholder") : say("compose.reply_placeholder", { name })}
          aria-label={isNote ? say("compose.note_label") : say("compose.reply_label", { name })}
          aria-describedby={hint}
          aria-controls={typed !== undefined ? picker : undefined}
          aria-activedescendant={chosen ? `${picker}-${chosen.id}` : undefined}
          aria-invalid={over !== undefined}
          data-endless={isEndless(text) || undefined}
          onPaste={beforePaste}
          readOnly={isBarred}
          dir="auto"
          onChange={(event) => write(event.target.value)}
          onKeyDown={onKeyDown}
        />
        <button
          type="submit"
          className={css.send}
          disabled={!canSend}
          aria-label={say(isNote ? "compose.keep" : "compose.send")}
          title={say(isNote ? "compose.keep" : "compose.send")}
        >
          <ArrowUp size={16} strokeWidth={2} aria-hidden="true" />
        </button>
      </div>
      <p
        id={hint}
        className={css.hint}
        data-over={over !== undefined || undefined}
        data-plain={effect === "" || undefined}
        aria-live="polite"
      >
        {over ?? (effect || say("compose.keys"))}
      </p>
    </form>
  );
}
