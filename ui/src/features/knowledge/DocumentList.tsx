/** The rows, only those in sight; arrows or j and k move, space selects, l labels, Enter opens, Delete removes. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from "react";
import { useLocation } from "wouter";
import { useMay } from "../../api/may";
import type { Document } from "../../api/types";
import { DocumentRow } from "./DocumentRow";
import { LabelsDialog } from "./LabelsDialog";
import styles from "./Row.module.css";
import { remove } from "./removals";
import { SelectionBar } from "./SelectionBar";
import { useWords } from "./words";

export interface DocumentListProps {
  documents: readonly Document[];
  hasMore: boolean;
  onMore: () => void;
}

export function DocumentList({ documents, hasMore, onMore }: DocumentListProps) {
  const say = useWords();
  const [, go] = useLocation();
  const may = useMay();
  const list = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [at, setAt] = useState(0);
  const [anchor, setAnchor] = useState(0);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [labelling, setLabelling] = useState<readonly Document[]>([]);

  // The list begins below the head of the page, and moves when rows of uploads come and go above it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: measured after every change of the list
  useLayoutEffect(() => setTop(list.current?.offsetTop ?? 0), [documents]);
  const rows = useVirtualizer({
    count: documents.length,
    getScrollElement: () => document.getElementById("page"),
    estimateSize: () => 65,
    overscan: 8,
    scrollMargin: top,
    getItemKey: (index) => documents[index]?.id ?? index,
  });
  const items = rows.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && last >= documents.length - 10) onMore();
  }, [hasMore, last, documents.length, onMore]);

  const current = Math.min(at, documents.length - 1);
  const chosen = documents.filter(({ id }) => selected.has(id));
  const clear = () => setSelected(new Set());

  const toggle = (index: number, range: boolean) => {
    const [from, to] = range ? [Math.min(anchor, index), Math.max(anchor, index)] : [index, index];
    const ids = documents.slice(from, to + 1).map(({ id }) => id);
    const next = new Set(selected);
    const isOn = !selected.has(documents[index]?.id ?? "");
    for (const id of ids) {
      if (isOn) next.add(id);
      else next.delete(id);
    }
    setSelected(next);
    setAnchor(index);
  };
  const removeAll = (some: readonly Document[]) => {
    remove(
      "documents",
      some.map(({ id }) => id),
      say("removed", { count: some.length }),
    );
    clear();
  };
  const focus = (index: number) => {
    const next = Math.max(0, Math.min(documents.length - 1, index));
    setAt(next);
    rows.scrollToIndex(next);
    requestAnimationFrame(() => list.current?.querySelector<HTMLElement>(`[data-row="${next}"]`)?.focus());
  };
  const keys = (event: KeyboardEvent) => {
    // Keys pressed in a control inside a row are that control's.
    if (!(event.target instanceof HTMLElement) || event.target.dataset.row === undefined) return;
    const document = documents[current];
    if (!document || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "ArrowDown" || event.code === "KeyJ") focus(current + 1);
    else if (event.key === "ArrowUp" || event.code === "KeyK") focus(current - 1);
    else if (event.key === "Home") focus(0);
    else if (event.key === "End") focus(documents.length - 1);
    else if (event.key === "Enter") go(`/knowledge/documents/${document.id}`);
    // What follows changes something.
    else if (!may.change) return;
    else if (event.key === " " || event.code === "KeyX") toggle(current, event.shiftKey);
    else if (event.code === "KeyL") setLabelling(chosen.length > 0 ? chosen : [document]);
    else if (event.key === "Delete") removeAll(chosen.length > 0 ? chosen : [document]);
    else if (event.key === "Escape") clear();
    else return;
    event.preventDefault();
  };

  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: rows of a virtual list stand on their own, which no table allows */}
      <div
        ref={list}
        role="grid"
        aria-label={say("list.label")}
        aria-rowcount={hasMore ? -1 : documents.length}
        aria-multiselectable={may.change}
        className={styles.list}
        style={{ height: rows.getTotalSize() }}
        onKeyDown={keys}
        tabIndex={-1}
      >
        {items.map(({ index, key, start }) => {
          const document = documents[index];
          if (!document) return null;
          return (
            <DocumentRow
              key={key}
              ref={rows.measureElement}
              document={document}
              index={index}
              offset={start - top}
              isCurrent={index === current}
              isSelected={selected.has(document.id)}
              isSelecting={selected.size > 0}
              onFocus={() => setAt(index)}
              onToggle={(range) => toggle(index, range)}
              onLabel={() => setLabelling([document])}
              onRemove={() => removeAll([document])}
            />
          );
        })}
      </div>
      {chosen.length > 0 && (
        <SelectionBar
          documents={chosen}
          onClear={clear}
          onLabel={() => setLabelling(chosen)}
          onRemove={() => removeAll(chosen)}
        />
      )}
      {labelling.length > 0 && <LabelsDialog documents={labelling} onClose={() => setLabelling([])} />}
    </>
  );
}
