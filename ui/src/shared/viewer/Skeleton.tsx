// Stands where a page will be: the lines of a text, breathing.

import css from "./viewer.module.css";
import { useWords } from "./words";

export function Skeleton() {
  const t = useWords();
  return (
    <div className={css.skeleton} role="status">
      <span className={css.unseen}>{t("viewer.opening")}</span>
      <div aria-hidden="true" />
    </div>
  );
}
