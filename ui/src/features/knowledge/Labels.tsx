/** The labels of a document; each leads to all documents that carry it. */
import { Tag } from "lucide-react";
import { Link } from "wouter";
import styles from "./Labels.module.css";
import { useWords } from "./words";

export function Labels({ labels, isInRow = false }: { labels: readonly string[]; isInRow?: boolean }) {
  const say = useWords();
  if (labels.length === 0) return null;
  const shown = isInRow ? labels.slice(0, 3) : labels;
  return (
    <span className={styles.labels}>
      {shown.map((label) => (
        <Link
          key={label}
          href={`/knowledge?label=${encodeURIComponent(label)}`}
          className={styles.label}
          aria-label={say("labels.show", { label })}
          // A row of the grid is one stop for the keyboard.
          tabIndex={isInRow ? -1 : undefined}
        >
          <Tag size={12} strokeWidth={1.75} aria-hidden="true" />
          {label}
        </Link>
      ))}
      {labels.length > shown.length && (
        <span className="numbers">{say("labels.more", { count: labels.length - shown.length })}</span>
      )}
    </span>
  );
}
