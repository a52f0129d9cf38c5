// A document that could not be shown: what, why, and what can be done instead.

import { causeOf } from "./load";
import css from "./viewer.module.css";
import { useWords } from "./words";

type Props = { error: unknown; onRetry: () => void; download?: string; onText?: () => void };

export function Failure({ error, onRetry, download, onText }: Props) {
  const t = useWords();
  const cause = causeOf(error);
  return (
    <div className={css.failure} role="alert">
      <h3>{t(`viewer.failed_${cause}`)}</h3>
      <p>{t(`viewer.failed_${cause}_do`)}</p>
      <div className={css.buttons}>
        {cause === "unreachable" && (
          <button type="button" className={css.button} onClick={onRetry}>
            {t("viewer.retry")}
          </button>
        )}
        {onText && cause !== "gone" && (
          <button type="button" className={css.button} onClick={onText}>
            {t("viewer.show_text")}
          </button>
        )}
        {download && cause !== "gone" && (
          <a className={css.button} href={download} download>
            {t("viewer.download")}
          </a>
        )}
      </div>
    </div>
  );
}
