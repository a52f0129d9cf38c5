/** The Playground before the first question: what it is for, and questions to begin with. */
import { CornerDownLeft } from "lucide-react";
import { Link } from "wouter";
import type { Assistant } from "../../api/types";
import css from "./empty.module.css";
import { useWords } from "./words";

type Props = {
  assistant: Assistant | undefined;
  isMissing: boolean;
  /** Nothing for those who may only look. */
  onAsk: ((question: string) => void) | undefined;
};

export function Empty({ assistant, isMissing, onAsk }: Props) {
  const t = useWords();
  if (isMissing) {
    return (
      <div className={css.empty}>
        <Drawing />
        <h2>{t("play.no_assistant")}</h2>
        <Link href="/assistants">{t("play.no_assistant_do")}</Link>
      </div>
    );
  }
  const suggestions = assistant?.settings.suggestions ?? [];
  return (
    <div className={css.empty}>
      <Drawing />
      <h2>{t("play.empty")}</h2>
      <p>{t("play.empty_more")}</p>
      {onAsk && suggestions.length > 0 && (
        <ul className={css.suggestions} aria-label={t("play.suggested")}>
          {suggestions.map((question) => (
            <li key={question}>
              <button type="button" onClick={() => onAsk(question)}>
                <span dir="auto">{question}</span>
                <CornerDownLeft size={16} strokeWidth={1.5} aria-hidden />
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** A question, and a page with the line that answers it. */
function Drawing() {
  return (
    <svg className={css.drawing} viewBox="0 0 120 72" width="120" height="72" aria-hidden="true" fill="none">
      <path d="M10 12h40a6 6 0 0 1 6 6v14a6 6 0 0 1-6 6H26l-9 8v-8h-7a6 6 0 0 1-6-6V18a6 6 0 0 1 6-6Z" />
      <path d="M14 22h30M14 29h18" />
      <path className={css.page} d="M72 6h26l14 14v44a3 3 0 0 1-3 3H72a3 3 0 0 1-3-3V9a3 3 0 0 1 3-3Z" />
      <path d="M98 6v14h14M77 28h27M77 36h27M77 52h27M77 60h16" />
      <path className={css.line} d="M77 44h20" />
      <path className={css.thread} d="M56 30c10 0 8 14 18 14" />
    </svg>
  );
}
