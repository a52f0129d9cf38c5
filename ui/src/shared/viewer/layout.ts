// Where the pages of a document stand under each other, so that only those in view are drawn.

/** Width and height of a page at 100 %, in CSS pixels. */
export type PageSize = { width: number; height: number };

/** The pages under each other: `tops[n]` is where page n (from 0) begins, all in CSS pixels. */
export type Column = { tops: number[]; heights: number[]; total: number };

/** Space between two pages and around them. */
export const GAP = 12;

/** Lays `count` pages out; a page whose size is not known yet is taken to be like `usual`. */
export function column(
  count: number,
  sizes: ReadonlyMap<number, PageSize>,
  usual: PageSize,
  scale: number,
): Column {
  const tops: number[] = [];
  const heights: number[] = [];
  let top = GAP;
  for (let page = 0; page < count; page += 1) {
    const height = Math.round((sizes.get(page) ?? usual).height * scale);
    tops.push(top);
    heights.push(height);
    top += height + GAP;
  }
  return { tops, heights, total: top };
}

/** The page (from 0) that takes the upper third of what is seen. */
export function pageInView(pages: Column, scrollTop: number, viewHeight: number): number {
  return pageAt(pages, scrollTop + viewHeight / 3);
}

/** First and last page (from 0, both included) to be drawn: those in view and half a view around. */
export function drawn(pages: Column, scrollTop: number, viewHeight: number): [number, number] {
  return [pageAt(pages, scrollTop - viewHeight / 2), pageAt(pages, scrollTop + viewHeight * 1.5)];
}

function pageAt(pages: Column, y: number): number {
  let low = 0;
  let high = pages.tops.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((pages.tops[middle] ?? 0) <= y) low = middle;
    else high = middle - 1;
  }
  return Math.max(0, low);
}

/** The steps that the zoom buttons take. */
const STEPS = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 3, 4];

/** The next step above `scale`. */
export function larger(scale: number): number {
  return STEPS.find((step) => step > scale + 0.01) ?? STEPS.at(-1) ?? scale;
}

/** The next step below `scale`. */
export function smaller(scale: number): number {
  return STEPS.findLast((step) => step < scale - 0.01) ?? STEPS[0] ?? scale;
}
