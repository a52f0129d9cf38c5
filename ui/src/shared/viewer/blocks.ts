// The text of a document as the program read it, made ready to be shown: tables put together again, marks
// cut to their blocks.

import type { Block } from "../../api/types";
import { findExactly, findQuote, type Mark } from "./quote";

/** A run of blocks drawn as one: rows become a table, items a list. `first` is the number of its first block. */
export type Group = { kind: Block["kind"]; first: number; blocks: Block[]; page: number | null };

/** Neighbouring rows of one table, and neighbouring list items, stand in one group. */
export function grouped(blocks: readonly Block[]): Group[] {
  const groups: Group[] = [];
  blocks.forEach((block, index) => {
    const last = groups.at(-1);
    const previous = last?.blocks.at(-1);
    if (last && previous && belongsTo(previous, block)) last.blocks.push(block);
    else groups.push({ kind: block.kind, first: index, blocks: [block], page: block.page });
  });
  return groups;
}

function belongsTo(previous: Block, block: Block): boolean {
  if (previous.kind !== block.kind || previous.page !== block.page) return false;
  if (block.kind === "list_item") return true;
  const isSameTable =
    previous.table === block.table &&
    previous.header?.join("\n") === block.header?.join("\n") &&
    block.row !== 1;
  return block.kind === "table_row" && isSameTable;
}

/** The marks of a quote, block by block. When its words are not found, the block it begins in is marked whole. */
export function quoteMarks(
  blocks: readonly Block[],
  quote: string | undefined,
  start: number | null | undefined,
): Map<number, Mark[]> {
  const marks = new Map<number, Mark[]>();
  if (!quote || blocks.length === 0) return marks;
  const near = typeof start === "number" ? blockAt(blocks, start) : 0;
  const texts = blocks.map((block) => block.text);
  const found = findNear(texts, quote, near);
  for (const mark of found) marks.set(mark.piece, [...(marks.get(mark.piece) ?? []), mark]);
  if (marks.size === 0 && typeof start === "number") {
    marks.set(near, [{ piece: near, from: 0, to: texts[near]?.length ?? 0 }]);
  }
  return marks;
}

/** Blocks on each side of the expected one that are searched first. */
const NEAR = 200;

function findNear(texts: readonly string[], quote: string, near: number): Mark[] {
  const from = Math.max(0, near - NEAR);
  const found = findQuote(texts.slice(from, near + NEAR), quote, near - from);
  if (found) return found.marks.map((mark) => ({ ...mark, piece: mark.piece + from }));
  return findExactly(texts, quote, near)?.marks ?? [];
}

function blockAt(blocks: readonly Block[], start: number): number {
  const after = blocks.findIndex((block) => block.start > start);
  return after === -1 ? blocks.length - 1 : Math.max(0, after - 1);
}

/** A stretch of text, marked or not. */
export type Stretch = { text: string; isMarked: boolean; from: number };

/** `text` cut at its marks. */
export function stretches(text: string, marks: readonly Mark[]): Stretch[] {
  const cut: Stretch[] = [];
  let at = 0;
  for (const mark of marks) {
    if (mark.from > at) cut.push({ text: text.slice(at, mark.from), isMarked: false, from: at });
    cut.push({ text: text.slice(mark.from, mark.to), isMarked: true, from: mark.from });
    at = mark.to;
  }
  if (at < text.length) cut.push({ text: text.slice(at), isMarked: false, from: at });
  return cut;
}

const BETWEEN_CELLS = " | ";

/** The marks of each cell of a row; the row's text is its cells joined by a bar. */
export function cellMarks(cells: readonly string[], marks: readonly Mark[]): Mark[][] {
  let begin = 0;
  return cells.map((cell) => {
    const start = begin;
    begin += cell.length + BETWEEN_CELLS.length;
    return marks.flatMap((mark) => {
      const from = Math.max(mark.from - start, 0);
      const to = Math.min(mark.to - start, cell.length);
      return from < to ? [{ piece: mark.piece, from, to }] : [];
    });
  });
}
