// Pages that follow each other by key. Pure.

/** A page: where it begins, how many rows it has, where the next one begins. */
export interface Link {
  readonly cursor: string | null;
  readonly count: number;
  readonly next: string | null;
  /** False while its rows are a guess. */
  readonly isRead: boolean;
  /** Where the page that stood in its place began: shown until this one is read. */
  readonly was?: string | null;
}

export type Chain = readonly Link[];

/** A list of which nothing is known yet. */
export const unread: Chain = [{ cursor: null, count: 0, next: null, isRead: false }];

/**
 * The chain once page `at` has been read. Where the next page begins elsewhere now, the one after it is as long as
 * before until it is read, and those behind it are no longer known. The same chain comes back when nothing changed.
 */
export function extended(chain: Chain, at: number, count: number, next: string | null): Chain {
  const link = chain[at];
  if (!link) return chain;
  const following = chain[at + 1];
  const isFollowed = next === null ? following === undefined : following?.cursor === next;
  if (link.isRead && link.count === count && link.next === next && isFollowed) return chain;
  const read: Link = { cursor: link.cursor, count, next, isRead: true };
  const before = [...chain.slice(0, at), read];
  if (isFollowed) return [...before, ...chain.slice(at + 1)];
  if (next === null) return before;
  const guess = following ? { count: following.count, was: following.cursor } : { count: 0 };
  return [...before, { cursor: next, next: null, isRead: false, ...guess }];
}
