/** Conversations that were found by their words and by who writes. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { Search } from "lucide-react";
import { type Ref, useCallback, useMemo } from "react";
import { EmptyState, ErrorNote } from "../../design/Parts";
import { searchQuery } from "./api";
import { sectionOf } from "./holding";
import type { RowsHandle } from "./List";
import css from "./list.module.css";
import { VirtualRows, Waiting } from "./VirtualRows";
import type { Label, Section } from "./wire";
import { useWords } from "./words";

interface Props {
  ref: Ref<RowsHandle>;
  q: string;
  labels: readonly Label[];
  current: string | undefined;
  me: string | undefined;
  onOpen: (id: string, section: Section) => void;
}

export function Found({ ref, q, labels, current, me, onOpen }: Props) {
  const say = useWords();
  const found = useInfiniteQuery(searchQuery(q));
  const hits = useMemo(() => {
    // An older word of a conversation may come again on a later page.
    const seen = new Set<string>();
    const all = found.data?.pages.flatMap(({ items }) => items) ?? [];
    return all.filter(({ conversation: { id } }) => !seen.has(id) && seen.add(id));
  }, [found.data]);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = found;
  const look = useCallback(
    (_first: number, last: number) => {
      if (hasNextPage && !isFetchingNextPage && last >= hits.length - 10) void fetchNextPage();
    },
    [hasNextPage, isFetchingNextPage, fetchNextPage, hits.length],
  );
  return (
    <VirtualRows
      ref={ref}
      key={q}
      label={say("search.found", { q })}
      count={hits.length}
      hasMore={hasNextPage}
      at={(index) => {
        const hit = hits[index];
        return hit && { row: hit.conversation, said: hit.said, section: sectionOf(hit.conversation.handoff) };
      }}
      place={hits.findIndex(({ conversation }) => conversation.id === current)}
      current={current}
      labels={labels}
      me={me}
      onOpen={({ row, section }) => onOpen(row.id, section)}
      onLook={look}
    >
      {found.isPending && <Waiting />}
      {found.isError && !found.data && (
        <div className={css.pad}>
          <ErrorNote error={found.error} onRetry={() => void found.refetch()} />
        </div>
      )}
      {found.data && hits.length === 0 && !hasNextPage && (
        <EmptyState
          drawing={<Search size={40} strokeWidth={1} aria-hidden="true" />}
          title={say("search.none")}
        >
          {say("search.none_about")}
        </EmptyState>
      )}
    </VirtualRows>
  );
}
