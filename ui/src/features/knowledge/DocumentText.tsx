/** The text of a document as the program sees it, block by block. */
import { useQuery } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef } from "react";
import { documentTextQuery } from "../../api/queries";
import type { Block } from "../../api/types";
import { ErrorNote, Skeleton } from "../../design/Parts";
import styles from "./Document.module.css";
import { useWords } from "./words";

export function DocumentText({ id }: { id: string }) {
  const say = useWords();
  const query = useQuery(documentTextQuery(id));
  const list = useRef<HTMLDivElement>(null);
  const blocks = query.data ?? [];
  const rows = useVirtualizer({
    count: blocks.length,
    getScrollElement: () => document.getElementById("page"),
    estimateSize: () => 56,
    overscan: 12,
    scrollMargin: list.current?.offsetTop ?? 220,
  });
  if (query.isError && !query.data)
    return <ErrorNote error={query.error} onRetry={() => void query.refetch()} />;
  if (!query.data) return <Skeleton lines={10} />;
  if (blocks.length === 0) return <p className={styles.none}>{say("document.noText")}</p>;
  return (
    <>
      <p className={styles.none}>{say("document.textAbout")}</p>
      <div ref={list} className={styles.text} style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ index, key, start }) => {
          const block = blocks[index];
          if (!block) return null;
          const before = blocks[index - 1]?.page;
          return (
            <div
              key={key}
              ref={rows.measureElement}
              data-index={index}
              className={styles.block}
              style={{ transform: `translateY(${start - rows.options.scrollMargin}px)` }}
            >
              {block.page != null && block.page !== before && (
                <div className={styles.pageMark}>{say("document.page", { page: block.page })}</div>
              )}
              <BlockView block={block} />
            </div>
          );
        })}
      </div>
    </>
  );
}

function BlockView({ block }: { block: Block }) {
  switch (block.kind) {
    case "heading":
      return (
        <h3 className={styles.heading} dir="auto">
          {block.text}
        </h3>
      );
    case "list_item":
      return (
        <p className={styles.item} dir="auto">
          {block.text}
        </p>
      );
    case "code":
      return <pre className={styles.code}>{block.text}</pre>;
    case "table_row":
      return (
        <dl className={styles.cells}>
          {(block.cells ?? []).map((cell, column) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the cells of a row never move
            <div key={column}>
              {block.header?.[column] && <dt>{block.header[column]}</dt>}
              <dd dir="auto">{cell}</dd>
            </div>
          ))}
        </dl>
      );
    default:
      return <p dir="auto">{block.text}</p>;
  }
}
