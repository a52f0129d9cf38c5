/** The passages of a document: what can be found and quoted, each with its page and its headings. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";
import { passagesQuery } from "../../api/queries";
import type { Passage } from "../../api/types";
import { ErrorNote, Skeleton } from "../../design/Parts";
import styles from "./Document.module.css";
import { PassageCard } from "./PassageCard";
import { useWords } from "./words";

export function DocumentPassages({ id, onShow }: { id: string; onShow: (passage: Passage) => void }) {
  const say = useWords();
  const query = useInfiniteQuery(passagesQuery(id));
  const list = useRef<HTMLUListElement>(null);
  const passages = query.data?.pages.flatMap((page) => page.items) ?? [];
  const rows = useVirtualizer({
    count: passages.length,
    getScrollElement: () => document.getElementById("page"),
    estimateSize: () => 150,
    overscan: 6,
    scrollMargin: list.current?.offsetTop ?? 190,
    getItemKey: (index) => passages[index]?.id ?? index,
  });
  const items = rows.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && last >= passages.length - 10) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, last, passages.length, fetchNextPage]);

  if (query.isError && !query.data)
    return <ErrorNote error={query.error} onRetry={() => void query.refetch()} />;
  if (!query.data) return <Skeleton lines={4} height={96} />;
  if (passages.length === 0) return <p className={styles.none}>{say("document.noPassages")}</p>;
  return (
    <ul ref={list} className={styles.passages} style={{ height: rows.getTotalSize() }}>
      {items.map(({ index, key, start }) => {
        const passage = passages[index];
        if (!passage) return null;
        return (
          <li
            key={key}
            ref={rows.measureElement}
            data-index={index}
            style={{ transform: `translateY(${start - rows.options.scrollMargin}px)` }}
          >
            <PassageCard passage={passage} onShow={() => onShow(passage)} />
          </li>
        );
      })}
    </ul>
  );
}
