// Saved replies: which are offered for what is typed, and what stands in them. Pure.

import type { SavedReply } from "./wire";

/** Replies that are offered at once. */
const MOST = 50;

/** What is searched for by a text that begins with `/`; nothing where it is no such text. */
export function asked(text: string): string | undefined {
  return text.startsWith("/") && !text.includes("\n") ? text.slice(1) : undefined;
}

/** Those whose name or words have all that is typed: in the customer's language first, names before words. */
export function offered(
  replies: readonly SavedReply[],
  typed: string,
  language: string,
): readonly SavedReply[] {
  const words = fold(typed).split(/\s+/).filter(Boolean);
  const has = (text: string) => words.every((word) => fold(text).includes(word));
  const rank = (reply: SavedReply) =>
    (has(reply.name) ? 0 : 4) + (reply.language === language ? 0 : reply.language === "" ? 1 : 2);
  return replies
    .filter(({ name, text }) => has(`${name} ${text}`))
    .toSorted((a, b) => rank(a) - rank(b))
    .slice(0, MOST);
}

export interface Names {
  /** The customer's; empty when it is unknown. */
  name: string;
  me: string;
  business: string;
}

/** The words with the names in them. Where a name is unknown, the blank and the comma before it go too. */
export function filled(text: string, names: Names): string {
  return text.replace(/(,?\s*)\{(name|me|business)\}/g, (_whole, before: string, key: keyof Names) => {
    const value = names[key].trim();
    return value === "" ? "" : before + value;
  });
}

function fold(text: string): string {
  return text.toLowerCase().replaceAll("ё", "е");
}
