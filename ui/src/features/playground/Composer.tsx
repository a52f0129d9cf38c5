/** Where a question is written. Enter asks, Shift and Enter begins a new line, Up takes the last question again. */
import { ArrowUp, Square } from "lucide-react";
import {
  type FormEvent,
  type KeyboardEvent,
  type Ref,
  useEffect,
  useImperativeHandle,
  useRef,
  useState,
} from "react";
import { beforePaste, isEndless } from "../../design/endless";
import { useTooLong } from "../../shared/length/length";
import css from "./composer.module.css";
import { useWords } from "./words";

/** The longest question that the API takes, in characters. */
const LONGEST = 4000;

export type ComposerHandle = { focus: () => void; edit: (question: string) => void };

type Props = {
  ref: Ref<ComposerHandle>;
  isAnswering: boolean;
  isDisabled: boolean;
  lastQuestion: string | undefined;
  onSay: (question: string) => void;
  onStop: () => void;
};

export function Composer({ ref, isAnswering, isDisabled, lastQuestion, onSay, onStop }: Props) {
  const t = useWords();
  const [text, setText] = useState("");
  const field = useRef<HTMLTextAreaElement>(null);
  const over = useTooLong()(text.trim(), LONGEST);
  const canAsk = text.trim() !== "" && !over && !isAnswering && !isDisabled;

  useEffect(() => {
    if (window.matchMedia("(pointer: fine)").matches) field.current?.focus();
  }, []);

  const edit = (question: string) => {
    setText(question);
    requestAnimationFrame(() => {
      field.current?.focus();
      field.current?.setSelectionRange(question.length, question.length);
    });
  };
  useImperativeHandle(ref, () => ({ focus: () => field.current?.focus(), edit }));

  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    if (!canAsk) return;
    onSay(text.trim());
    setText("");
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // While an input method composes a character, Enter belongs to it.
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      submit();
    }
    if (event.key === "ArrowUp" && text === "" && lastQuestion !== undefined) {
      event.preventDefault();
      edit(lastQuestion);
    }
  };

  return (
    <form className={css.composer} onSubmit={submit}>
      <div className={css.box}>
        <textarea
          ref={field}
          rows={1}
          value={text}
          placeholder={t("play.placeholder")}
          aria-label={t("play.ask_label")}
          aria-describedby="play-keys"
          aria-invalid={over !== undefined}
          data-endless={isEndless(text) || undefined}
          onPaste={beforePaste}
          dir="auto"
          onChange={(event) => setText(event.target.value)}
          onKeyDown={onKeyDown}
        />
        {isAnswering ? (
          <button
            type="button"
            className={css.stop}
            onClick={onStop}
            aria-label={t("play.stop")}
            title={t("play.stop")}
          >
            <Square size={12} fill="currentColor" strokeWidth={0} aria-hidden />
          </button>
        ) : (
          <button
            type="submit"
            className={css.ask}
            disabled={!canAsk}
            aria-label={t("play.ask")}
            title={t("play.ask")}
          >
            <ArrowUp size={16} strokeWidth={2} aria-hidden />
          </button>
        )}
      </div>
      <p id="play-keys" className={css.keys} data-over={over !== undefined || undefined} aria-live="polite">
        {over ?? t("play.keys")}
      </p>
    </form>
  );
}
