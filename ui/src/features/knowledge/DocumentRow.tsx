/** One document: its name, its story, what can be done with it. */
import {
  Download,
  Ellipsis,
  FilePlus2,
  FileText,
  FileWarning,
  History,
  RotateCw,
  Sheet,
  SquareArrowOutUpRight,
  Tag,
  Trash2,
} from "lucide-react";
import type { ReactNode, Ref } from "react";
import { Link, useLocation } from "wouter";
import { useMay } from "../../api/may";
import type { Document } from "../../api/types";
import { IconButton } from "../../design/Button";
import { Menu } from "../../design/Menu";
import { useFormat } from "../../i18n/format";
import { DocumentStory } from "./DocumentStory";
import { Fix, pickInstead, wantsAnother } from "./Failure";
import { Labels } from "./Labels";
import { Origin } from "./Origin";
import styles from "./Row.module.css";
import { useReread } from "./reread";
import { useWords } from "./words";

export interface DocumentRowProps {
  ref: Ref<HTMLDivElement>;
  document: Document;
  index: number;
  /** Pixels from the top of the list. */
  offset: number;
  isCurrent: boolean;
  isSelected: boolean;
  isSelecting: boolean;
  onFocus: () => void;
  onToggle: (range: boolean) => void;
  onLabel: () => void;
  onRemove: () => void;
}

export function DocumentRow({
  ref,
  document,
  index,
  offset,
  isCurrent,
  isSelected,
  isSelecting,
  onFocus,
  onToggle,
  onLabel,
  onRemove,
}: DocumentRowProps) {
  const say = useWords();
  const format = useFormat();
  const [, go] = useLocation();
  const reread = useReread();
  const may = useMay();
  const { id, name, origin, size, state, labels, versions } = document;
  const title = document.title || name;
  const href = `/knowledge/documents/${id}`;
  const isTable = document.report !== null && document.report.sheets > 0;
  const Icon = state === "failed" ? FileWarning : isTable ? Sheet : FileText;
  const another = {
    label: say("failure.instead"),
    icon: <FilePlus2 size={16} strokeWidth={1.5} />,
    onPick: () => pickInstead(id),
  };
  const changes = [
    ...(wantsAnother(document) ? [another] : []),
    { label: say("row.labels"), icon: <Tag size={16} strokeWidth={1.5} />, onPick: onLabel },
    {
      label: say("row.reread"),
      icon: <RotateCw size={16} strokeWidth={1.5} />,
      onPick: () => reread.mutate([id]),
    },
    {
      label: say("row.remove"),
      icon: <Trash2 size={16} strokeWidth={1.5} />,
      danger: true,
      onPick: onRemove,
    },
  ];
  return (
    // biome-ignore lint/a11y/useSemanticElements: see Cell
    <div
      ref={ref}
      data-index={index}
      data-row={index}
      role="row"
      aria-rowindex={index + 1}
      aria-selected={may.change ? isSelected : undefined}
      tabIndex={isCurrent ? 0 : -1}
      className={[styles.row, styles.placed, isSelected && styles.selected].filter(Boolean).join(" ")}
      style={{ transform: `translateY(${offset}px)` }}
      onFocus={(event) => event.target === event.currentTarget && onFocus()}
    >
      <Cell className={isSelecting ? `${styles.icon} ${styles.selecting}` : styles.icon}>
        <Icon
          className={state === "failed" ? styles.bad : undefined}
          size={20}
          strokeWidth={1.5}
          aria-hidden="true"
        />
        {may.change && (
          <input
            type="checkbox"
            className={styles.check}
            aria-label={say("row.select", { name: title })}
            checked={isSelected}
            onClick={(event) => onToggle(event.shiftKey)}
            readOnly
          />
        )}
      </Cell>
      <Cell className={styles.main}>
        <Link href={href} className={styles.name} tabIndex={-1}>
          {title}
        </Link>
        <DocumentStory document={document} />
        {origin !== null && <Origin origin={origin} source={document.source_id} />}
        {(labels.length > 0 || versions > 0) && (
          <span className={styles.marks}>
            {versions > 0 && (
              <Link href={`${href}?show=versions`} className={styles.versions} tabIndex={-1}>
                <History size={12} strokeWidth={1.75} aria-hidden="true" />
                {say("row.versions", { count: versions + 1 })}
              </Link>
            )}
            <Labels labels={labels} isInRow />
          </span>
        )}
      </Cell>
      {state === "failed" && may.change && (
        <Cell className={styles.fix}>
          <Fix document={document} size="small" />
        </Cell>
      )}
      <Cell className={`${styles.size} numbers`}>{format.size(size)}</Cell>
      <Cell className={styles.actions}>
        <Menu
          trigger={
            <IconButton
              size="small"
              label={say("row.more", { name: title })}
              icon={<Ellipsis size={16} strokeWidth={1.5} />}
            />
          }
          entries={[
            {
              label: say("row.open"),
              icon: <SquareArrowOutUpRight size={16} strokeWidth={1.5} />,
              onPick: () => go(href),
            },
            {
              label: say("row.download"),
              icon: <Download size={16} strokeWidth={1.5} />,
              onPick: () => location.assign(`/api/documents/${id}/original`),
            },
            ...(may.change ? changes : []),
          ]}
        />
      </Cell>
    </div>
  );
}

/** A cell of the grid; rows of a virtual list stand on their own, which no table element allows. */
function Cell({ className, children }: { className?: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: see above
    // biome-ignore lint/a11y/useFocusableInteractive: the row and the controls inside are focused, not the cell
    <div role="gridcell" className={className}>
      {children}
    </div>
  );
}
