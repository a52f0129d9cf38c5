// Which page of a document a quote stands on, and where on it.

import { type Found, findExactly, findQuote, type Mark } from "./quote";

/** Pages on each side of the expected one that a quote is looked for in. */
const REACH = 60;

/** Where a quote stands: the page (from 0) it begins on, and its marks page by page. */
export type QuotePlace = { page: number; marks: ReadonlyMap<number, Mark[]>; isSure: boolean };

/**
 * Looks for a quote: on the expected page and its neighbours, then further and further away, at last for
 * something like it near the expected page. `count` is the number of pages.
 */
export async function locate(
  textOf: (page: number) => Promise<string[]>,
  count: number,
  expected: number,
  quote: string,
): Promise<QuotePlace | undefined> {
  const around = async (find: typeof findQuote, first: number, pages: number) => {
    const texts = await Promise.all(range(first, pages, count).map(textOf));
    return placed(find(texts.flat(), quote), Math.max(0, first), texts);
  };
  for (const page of [expected, expected + 1, expected - 1]) {
    const found = (await around(findExactly, page, 1)) ?? (await around(findExactly, page, 2));
    if (found) return found;
  }
  const alike = (await around(findQuote, expected, 2)) ?? (await around(findQuote, expected - 1, 2));
  if (alike?.isSure) return alike;
  for (let distance = 2; distance <= Math.min(REACH, count); distance += 1) {
    for (const page of [expected + distance, expected - distance]) {
      const found = await around(findExactly, page, 2);
      if (found) return found;
    }
  }
  return alike;
}

function range(first: number, pages: number, count: number): number[] {
  return Array.from({ length: pages }, (_, index) => first + index).filter(
    (page) => page >= 0 && page < count,
  );
}

function placed(found: Found | undefined, first: number, texts: readonly string[][]): QuotePlace | undefined {
  if (!found) return undefined;
  const marks = new Map<number, Mark[]>();
  let before = 0;
  texts.forEach((text, index) => {
    const own = found.marks.filter((mark) => mark.piece >= before && mark.piece < before + text.length);
    const shift = before;
    if (own.length > 0)
      marks.set(
        first + index,
        own.map((mark) => ({ ...mark, piece: mark.piece - shift })),
      );
    before += text.length;
  });
  const page = Math.min(...marks.keys());
  return Number.isFinite(page) ? { page, marks, isSure: found.isSure } : undefined;
}
