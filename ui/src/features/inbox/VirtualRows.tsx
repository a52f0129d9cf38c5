/** Rows of conversations, only those in sight. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, type Ref, useEffect, useImperativeHandle, useRef } from "react";
import { Skeleton } from "../../design/Parts";
import type { RowsHandle } from "./List";
import css from "./list.module.css";
import { ROW, RowLink } from "./RowLink";
import type { Hit, Label, Row, Section } from "./wire";

export interface Shown {
  row: Row;
  section: Section;
  /** What was found in it. */
  said?: Hit["said"];
}

interface Props {
  ref: Ref<RowsHandle>;
  label: string;
  count: number;
  /** There are more than are known of. */
  hasMore: boolean;
  /** Undefined while it is not loaded. */
  at: (index: number) => Shown | undefined;
  /** Where the open one stands; -1 where it is not. */
  place: number;
  current: string | undefined;
  labels: readonly Label[];
  me: string | undefined;
  onOpen: (shown: Shown) => void;
  /** These rows are in sight. */
  onLook: (first: number, last: number) => void;
  /** Instead of rows, or below them. */
  children?: ReactNode;
}

/** Rows that are not loaded and are shown to come. */
const TO_COME = 3;

export function VirtualRows(props: Props) {
  const { ref, label, count, hasMore, at, place, current, labels, me, onOpen, onLook, children } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const stood = useRef(0);
  useEffect(() => {
    if (place >= 0) stood.current = place;
  }, [place]);

  const virtual = useVirtualizer({
    count: count + (hasMore ? TO_COME : 0),
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 8,
  });
  const items = virtual.getVirtualItems();
  const first = items.at(0)?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => onLook(first, last), [onLook, first, last]);

  /** Whoever goes through the list hears each row, and Tab goes on from it. */
  const focus = (index: number) => {
    virtual.scrollToIndex(index);
    requestAnimationFrame(() =>
      scroller.current?.querySelector<HTMLElement>(`[aria-posinset="${index + 1}"] a`)?.focus(),
    );
  };

  useImperativeHandle(ref, () => ({
    enter: () => {
      if (count > 0) focus(0);
    },
    move: (by) => {
      if (count === 0) return;
      // The open one may have left the list: the one that took its place is the next.
      const next = place >= 0 ? place + by : by > 0 ? stood.current : stood.current - 1;
      const index = current === undefined ? 0 : Math.max(0, Math.min(count - 1, next));
      const shown = at(index);
      focus(index);
      if (shown && shown.row.id !== current) onOpen(shown);
    },
  }));

  return (
    <div ref={scroller} className={`${css.scroller} scroll-thin`}>
      {count > 0 && (
        <ul className={css.rows} aria-label={label} style={{ height: virtual.getTotalSize() }}>
          {items.map(({ index, start }) => {
            const shown = at(index);
            if (!shown) {
              return (
                <li
                  key={`to come ${index}`}
                  className={css.place}
                  style={{ transform: `translateY(${start}px)` }}
                >
                  <div className={css.bone} aria-hidden="true">
                    <Skeleton lines={2} height={14} />
                  </div>
                </li>
              );
            }
            return (
              <RowLink
                key={shown.row.id}
                row={shown.row}
                said={shown.said}
                labels={labels}
                section={shown.section}
                me={me}
                isCurrent={shown.row.id === current}
                offset={start}
                place={index + 1}
                total={hasMore ? -1 : count}
              />
            );
          })}
        </ul>
      )}
      {children}
    </div>
  );
}

/** Rows that are being loaded, as tall as those that come. */
export function Waiting() {
  return (
    <div aria-hidden="true">
      {[0, 1, 2, 3, 4].map((row) => (
        <div key={row} className={css.bone}>
          <Skeleton lines={2} height={14} />
        </div>
      ))}
    </div>
  );
}
