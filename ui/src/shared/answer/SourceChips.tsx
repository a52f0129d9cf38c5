/** The sources under an answer: quiet chips with the document and the page. */
import css from "./chips.module.css";
import type { Citation } from "./wire";
import { useAnswerWords } from "./words";

type Props = {
  citations: readonly Citation[];
  messageId: string;
  /** What the panel shows now. */
  shown: { kind: string; messageId?: string; index?: number } | undefined;
  onOpen: (index: number) => void;
};

export function SourceChips({ citations, messageId, shown, onOpen }: Props) {
  const t = useAnswerWords();
  if (citations.length === 0) return null;
  const isOpen = (index: number) =>
    shown?.kind === "source" && shown.messageId === messageId && shown.index === index;
  return (
    <ul className={css.sources} aria-label={t("source.list")}>
      {citations.map((citation, index) => {
        const { number, page } = citation;
        const title = citation.document_title;
        const label =
          page === null
            ? t("source.one", { number, title })
            : t("source.on_page", { number, title, page: String(page) });
        return (
          <li key={number}>
            <button
              type="button"
              className={css.chip}
              data-source=""
              aria-pressed={isOpen(index)}
              aria-label={label}
              title={citation.quote}
              onClick={() => onOpen(index)}
            >
              <span className={css.chipNumber}>{number}</span>
              <span className={css.chipTitle}>{title}</span>
              {page !== null && (
                <span className={css.chipPage}>{t("source.page", { page: String(page) })}</span>
              )}
            </button>
          </li>
        );
      })}
    </ul>
  );
}
