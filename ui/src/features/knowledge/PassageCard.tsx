/** One passage: where it stands, what it says. */
import { ScanSearch } from "lucide-react";
import type { ReactNode } from "react";
import type { Passage } from "../../api/types";
import { Button } from "../../design/Button";
import { Badge } from "../../design/Parts";
import { useFormat } from "../../i18n/format";
import styles from "./Document.module.css";
import { useWords } from "./words";

export function PassageCard({
  passage,
  onShow,
  children,
}: {
  passage: Passage;
  onShow?: () => void;
  /** Stands above the text instead of the number. */
  children?: ReactNode;
}) {
  const say = useWords();
  const format = useFormat();
  const where = [passage.page !== null && say("document.page", { page: passage.page }), ...passage.headings];
  return (
    <article className={styles.passage}>
      <header>
        {children ?? <span className={`${styles.number} numbers`}>{format.number(passage.ordinal + 1)}</span>}
        <span className={styles.where}>{where.filter(Boolean).join(" › ")}</span>
        {passage.table && <Badge>{say("document.tableRow")}</Badge>}
        {onShow && (
          <Button
            size="small"
            look="quiet"
            className={styles.show}
            icon={<ScanSearch size={16} strokeWidth={1.5} aria-hidden="true" />}
            onClick={onShow}
          >
            {say("document.showInOriginal")}
          </Button>
        )}
      </header>
      <p lang={passage.language || undefined} dir="auto">
        {passage.text}
      </p>
    </article>
  );
}
