/**
 * The rows of a list, page by page. Only the pages in sight are watched: an event in a list of a hundred thousand
 * reads one or two of them again, however far somebody has scrolled. A page begins where the one before it ends.
 */
import { useQueries, useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo, useRef, useState } from "react";
import { type Filter, PAGE, pageQuery } from "./api";
import { type Chain, extended, unread } from "./chain";
import type { Row } from "./wire";

export interface Rows {
  /** How many are known of. */
  count: number;
  /** Undefined while its page is not loaded. */
  row: (index: number) => Row | undefined;
  /** Where a row stands among the pages in sight; -1 where it is not. */
  indexOf: (id: string | undefined) => number;
  /** These rows are in sight. */
  look: (first: number, last: number) => void;
  /** There are more than are known of. */
  hasMore: boolean;
  isPending: boolean;
  error: Error | null;
  retry: () => void;
}

/** Pages that are watched at once. */
const MOST = 4;

export function useRows(filter: Filter): Rows {
  const cache = useQueryClient();
  const name = JSON.stringify([filter.section, filter.assignee, filter.label]);
  const [sight, setSight] = useState({ name, first: 0, last: 0 });
  const kept = useRef<{ name: string; chain: Chain }>({ name, chain: unread });
  // Another list begins at its top.
  if (kept.current.name !== name) kept.current = { name, chain: unread };
  const { first, last } = sight.name === name ? sight : { first: 0, last: 0 };

  const { chain } = kept.current;
  const from = Math.min(first, chain.length - 1);
  const watched = chain.slice(from, Math.min(last + 1, from + MOST));
  const dataAt = (cursor: string | null) => cache.getQueryData(pageQuery(filter, cursor).queryKey);
  const results = useQueries({ queries: watched.map(({ cursor }) => pageQuery(filter, cursor)) });
  for (const [index, { data }] of results.entries()) {
    if (!data) continue;
    kept.current.chain = extended(kept.current.chain, from + index, data.items.length, data.next);
  }

  const links = kept.current.chain;
  const starts = useMemo(() => {
    let at = 0;
    return links.map(({ count }) => {
      const start = at;
      at += count;
      return start;
    });
  }, [links]);
  const end = links.at(-1);
  const count = (starts.at(-1) ?? 0) + (end?.count ?? 0);
  const itemsOf = (page: number): readonly Row[] => {
    const link = links[page];
    if (!link) return [];
    const { was } = link;
    return (dataAt(link.cursor) ?? (was === undefined ? undefined : dataAt(was)))?.items ?? [];
  };
  const look = useCallback(
    (firstRow: number, lastRow: number) => {
      const page = (row: number) =>
        Math.max(
          0,
          starts.findLastIndex((start) => start <= row),
        );
      const next = { name, first: page(firstRow), last: page(lastRow + PAGE / 4) };
      const isSame = (was: typeof next) =>
        was.name === name && was.first === next.first && was.last === next.last;
      setSight((was) => (isSame(was) ? was : next));
    },
    [starts, name],
  );
  const failed = results.find(({ isError, data }) => isError && !data);
  return {
    count,
    row: (index) => {
      const page = starts.findLastIndex((start) => start <= index);
      return itemsOf(page)[index - (starts[page] ?? 0)];
    },
    indexOf: (id) => {
      if (id === undefined) return -1;
      for (let page = from; page < from + watched.length; page += 1) {
        const at = itemsOf(page).findIndex((row) => row.id === id);
        if (at >= 0) return (starts[page] ?? 0) + at;
      }
      return -1;
    },
    look,
    hasMore: links.length > 1 && end?.isRead === false,
    isPending: count === 0 && results.some(({ isPending }) => isPending),
    error: failed?.error ?? null,
    retry: () => void failed?.refetch(),
  };
}
