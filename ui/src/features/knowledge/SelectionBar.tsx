/** What can be done with everything selected; comes from below. */
import { RotateCw, Tag, Trash2 } from "lucide-react";
import type { Document } from "../../api/types";
import { Button } from "../../design/Button";
import styles from "./Row.module.css";
import { useReread } from "./reread";
import { useWords } from "./words";

export function SelectionBar({
  documents,
  onClear,
  onLabel,
  onRemove,
}: {
  documents: readonly Document[];
  onClear: () => void;
  onLabel: () => void;
  onRemove: () => void;
}) {
  const say = useWords();
  const reread = useReread();
  return (
    <div className={styles.barPlace}>
      <div className={styles.bar} role="toolbar" aria-label={say("selected", { count: documents.length })}>
        <span className="numbers" aria-live="polite">
          {say("selected", { count: documents.length })}
        </span>
        <Button size="small" icon={<Tag size={16} strokeWidth={1.5} />} onClick={onLabel}>
          {say("row.labels")}
        </Button>
        <Button
          size="small"
          icon={<RotateCw size={16} strokeWidth={1.5} />}
          busy={reread.isPending}
          onClick={() =>
            reread.mutate(
              documents.map(({ id }) => id),
              { onSuccess: onClear },
            )
          }
        >
          {say("row.reread")}
        </Button>
        <Button size="small" look="danger" icon={<Trash2 size={16} strokeWidth={1.5} />} onClick={onRemove}>
          {say("row.remove")}
        </Button>
        <Button size="small" look="quiet" onClick={onClear}>
          {say("selected.clear")}
        </Button>
      </div>
    </div>
  );
}
