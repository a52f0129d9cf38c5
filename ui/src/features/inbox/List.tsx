/** The list of one section, only the rows in sight; the sections stand above it as tabs. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { Inbox } from "lucide-react";
import { type Ref, useEffect, useImperativeHandle, useRef, useState } from "react";
import { useLocation } from "wouter";
import { waitingQuery } from "../../api/queries";
import { Button } from "../../design/Button";
import { Chip, EmptyState, ErrorNote, Skeleton } from "../../design/Parts";
import { TabLinks } from "../../design/Tabs";
import { useFormat } from "../../i18n/format";
import { rowsQuery } from "./api";
import { isMember } from "./holding";
import css from "./list.module.css";
import { ROW, RowLink } from "./RowLink";
import { type Section, sections } from "./wire";
import { useWords } from "./words";

export interface ListHandle {
  /** Opens the next (1) or the previous (-1) conversation. */
  move: (by: number) => void;
}

interface Props {
  ref: Ref<ListHandle>;
  section: Section;
  current: string | undefined;
  me: string | undefined;
  onOpen: (id: string) => void;
}

export function List({ ref, section, current, me, onOpen }: Props) {
  const say = useWords();
  const format = useFormat();
  const waiting = useQuery(waitingQuery).data;
  const [isOnlyMine, setOnlyMine] = useState(false);
  const list = useInfiniteQuery(rowsQuery(section));
  const scroller = useRef<HTMLDivElement>(null);
  const place = useRef(0);

  const all = list.data?.pages.flatMap((page) => page.items) ?? [];
  const isFiltered = section === "taken" && isOnlyMine;
  const rows = isFiltered ? all.filter(({ handoff }) => isMember(handoff.operator, me)) : all;
  const at = rows.findIndex(({ id }) => id === current);
  useEffect(() => {
    if (at >= 0) place.current = at;
  }, [at]);

  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 8,
    getItemKey: (index) => rows[index]?.id ?? index,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && last >= rows.length - 10) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage, last, rows.length]);

  useImperativeHandle(ref, () => ({
    move: (by) => {
      if (rows.length === 0) return;
      // The open one may have left the list: the one that took its place is the next.
      const next = at >= 0 ? at + by : by > 0 ? place.current : place.current - 1;
      const index = current === undefined ? 0 : Math.max(0, Math.min(rows.length - 1, next));
      const row = rows[index];
      virtual.scrollToIndex(index);
      if (row && row.id !== current) onOpen(row.id);
    },
  }));

  const count = (number: number | undefined) => (number ? format.number(number) : undefined);
  const href = (one: Section) => (one === "needs" ? "/inbox" : `/inbox/${one}`);
  return (
    <>
      <header className={css.head}>
        <h1>{say("title")}</h1>
        <TabLinks
          label={say("section.label")}
          current={href(section)}
          tabs={sections.map((one) => ({
            href: href(one),
            label: say(`section.${one}`),
            count: one === "needs" ? count(waiting) : undefined,
          }))}
        />
        {section === "taken" && all.length > 0 && (
          <div className={css.filter}>
            <Chip pressed={isOnlyMine} onClick={() => setOnlyMine(!isOnlyMine)}>
              {say("list.mine")}
            </Chip>
          </div>
        )}
      </header>
      <div ref={scroller} className={`${css.scroller} scroll-thin`}>
        {list.isError && !list.data && (
          <div className={css.pad}>
            <ErrorNote error={list.error} onRetry={() => void list.refetch()} />
          </div>
        )}
        {list.isPending && <Waiting />}
        {list.data && rows.length === 0 && !hasNextPage && (
          <Empty section={section} isFiltered={isFiltered} onAll={() => setOnlyMine(false)} />
        )}
        {rows.length > 0 && (
          <ul
            className={css.rows}
            aria-label={say("list.label", { section: say(`section.${section}`) })}
            style={{ height: virtual.getTotalSize() }}
          >
            {items.map(({ index, key, start }) => {
              const row = rows[index];
              if (!row) return null;
              return (
                <RowLink
                  key={key}
                  row={row}
                  section={section}
                  me={me}
                  isCurrent={row.id === current}
                  offset={start}
                  place={index + 1}
                  total={hasNextPage ? -1 : rows.length}
                />
              );
            })}
          </ul>
        )}
        {isFetchingNextPage && (
          <p className={css.more} role="status">
            {say("list.more")}
          </p>
        )}
      </div>
    </>
  );
}

/** Rows that are being loaded, as tall as those that come. */
function Waiting() {
  return (
    <div className={css.pad} aria-hidden="true">
      {[0, 1, 2, 3, 4].map((row) => (
        <div key={row} className={css.bone}>
          <Skeleton lines={2} height={14} />
        </div>
      ))}
    </div>
  );
}

function Empty({ section, isFiltered, onAll }: { section: Section; isFiltered: boolean; onAll: () => void }) {
  const say = useWords();
  const [, go] = useLocation();
  const drawing = <Inbox size={40} strokeWidth={1} aria-hidden="true" />;
  if (isFiltered) {
    return (
      <EmptyState
        drawing={drawing}
        title={say("empty.taken.title")}
        action={<Button onClick={onAll}>{say("empty.mine.action")}</Button>}
      >
        {say("empty.mine.about")}
      </EmptyState>
    );
  }
  const next =
    section === "needs"
      ? { label: say("empty.needs.action"), href: "/inbox/ai" }
      : section === "ai"
        ? { label: say("empty.ai.action"), href: "/channels" }
        : undefined;
  return (
    <EmptyState
      drawing={drawing}
      title={say(`empty.${section}.title`)}
      action={next && <Button onClick={() => go(next.href)}>{next.label}</Button>}
    >
      {say(`empty.${section}.about`)}
    </EmptyState>
  );
}
