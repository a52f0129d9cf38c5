/** The pages of a site, or the files of a folder: what became of each, why, and what to do. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import { followedItemsQuery } from "../../api/queries";
import type { FollowedItem, ItemState } from "../../api/types";
import { Button } from "../../design/Button";
import { Chip, ErrorNote, Skeleton } from "../../design/Parts";
import styles from "./Sources.module.css";
import { useWords } from "./words";

const states = [
  "read",
  "same",
  "left_out",
  "failed",
  "gone",
  "waiting",
] as const satisfies readonly ItemState[];

export function FollowedItems({ id, isSite }: { id: string; isSite: boolean }) {
  const say = useWords();
  const [state, setState] = useState<ItemState>();
  const list = useInfiniteQuery(followedItemsQuery(id, state));
  if (list.isError && !list.data) return <ErrorNote error={list.error} onRetry={() => void list.refetch()} />;
  if (!list.data) return <Skeleton lines={4} height={20} />;
  const items = list.data.pages.flatMap((page) => page.items);
  return (
    <div className={styles.items}>
      <fieldset className={styles.states} aria-label={say("filter.show")}>
        <Chip pressed={state === undefined} onClick={() => setState(undefined)}>
          {say("filter.all")}
        </Chip>
        {states.map((one) => (
          <Chip key={one} pressed={state === one} onClick={() => setState(state === one ? undefined : one)}>
            {say(`item.${one}`)}
          </Chip>
        ))}
      </fieldset>
      {items.length === 0 && <p className={styles.line}>{say("item.none")}</p>}
      <ul className={styles.rows}>
        {items.map((item) => (
          <Row key={item.key} item={item} isSite={isSite} />
        ))}
      </ul>
      {list.hasNextPage && (
        <Button size="small" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {say("item.more")}
        </Button>
      )}
    </div>
  );
}

function Row({ item, isSite }: { item: FollowedItem; isSite: boolean }) {
  const say = useWords();
  const { key, state, trouble, document_id: document } = item;
  return (
    <li className={styles.row} data-state={state}>
      <span className={styles.key}>
        {isSite ? (
          <a href={key} target="_blank" rel="noreferrer">
            {readable(key)}
          </a>
        ) : (
          key
        )}
      </span>
      <span className={styles.state}>
        {document ? (
          <Link href={`/knowledge/documents/${document}`}>{say(`item.${state}`)}</Link>
        ) : (
          say(`item.${state}`)
        )}
      </span>
      {trouble && (
        <span className={styles.why}>
          {say(`trouble.${trouble}.what`)} {say(`trouble.${trouble}.do`)}
        </span>
      )}
    </li>
  );
}

/** An address without its scheme, its letters as they are read. */
function readable(address: string): string {
  const plain = address.replace(/^https?:\/\//, "");
  try {
    return decodeURI(plain);
  } catch {
    return plain;
  }
}
