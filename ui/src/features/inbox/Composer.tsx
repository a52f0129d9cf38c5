/** Where one writes to the customer, or a note to colleagues. It says what sending does before it is done. */
import { ArrowUp } from "lucide-react";
import {
  type FormEvent,
  type KeyboardEvent,
  type Ref,
  useId,
  useImperativeHandle,
  useRef,
  useState,
} from "react";
import css from "./composer.module.css";
import { draftOf, keepDraft } from "./drafts";
import { holding, replyEffect } from "./holding";
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
}

export function Composer({ ref, row, name, me, sending }: Props) {
  const say = useWords();
  const hint = useId();
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
  const over = [...text.trim()].length - LONGEST;
  const isBarred = mode === "reply" && barred !== "";
  const canSend = text.trim() !== "" && over <= 0 && !isBarred;

  const write = (next: string) => {
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
  const onKeyDown = (event: KeyboardEvent) => {
    // While an input method composes a character, Enter belongs to it.
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      submit();
    }
    if (event.key === "Escape") field.current?.blur();
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
      </div>
      <div className={css.box}>
        <textarea
          ref={field}
          rows={1}
          value={text}
          placeholder={isNote ? say("compose.note_placeholder") : say("compose.reply_placeholder", { name })}
          aria-label={isNote ? say("compose.note_label") : say("compose.reply_label", { name })}
          aria-describedby={hint}
          aria-invalid={over > 0}
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
        data-over={over > 0 || undefined}
        data-plain={effect === "" || undefined}
        aria-live="polite"
      >
        {over > 0 ? say("compose.too_long", { count: over }) : effect || say("compose.keys")}
      </p>
    </form>
  );
}
