// What is new among conversations that want somebody. Pure.

import type { Row } from "./wire";

/**
 * @param known what was seen before, by conversation; nothing before the first look, of which nothing is news
 * @returns those that ask for a person or in which the customer wrote since then, and what is seen now
 */
export function news(
  known: ReadonlyMap<string, string> | null,
  rows: readonly Row[],
): { fresh: readonly Row[]; seen: ReadonlyMap<string, string> } {
  const seen = new Map(rows.map((row) => [row.id, markOf(row)]));
  const fresh = known
    ? rows.filter((row) => {
        const before = known.get(row.id);
        const isAsked = row.handoff.state === "requested" && before === undefined;
        return isAsked || (row.last?.author === "contact" && before !== markOf(row));
      })
    : [];
  return { fresh, seen };
}

/** When the customer said the last word; empty while somebody else did. */
function markOf({ last }: Row): string {
  return last?.author === "contact" ? last.at : "";
}
