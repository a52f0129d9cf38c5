import { describe, expect, it } from "vitest";
import type { Block } from "../../api/types";
import { cellMarks, grouped, quoteMarks, stretches } from "./blocks";

let at = 0;
function block(kind: Block["kind"], text: string, more: Partial<Block> = {}): Block {
  const start = at;
  at += [...text].length + 1;
  return { kind, text, start, page: null, ...more };
}
function row(number: number, cells: string[], table = "Prices"): Block {
  return block("table_row", cells.join(" | "), { cells, header: ["Name", "Price"], table, row: number });
}

describe("blocks", () => {
  it("rows of one table stand together, and items of one list", () => {
    const groups = grouped([
      block("paragraph", "one"),
      block("paragraph", "two"),
      block("list_item", "a"),
      block("list_item", "b"),
      row(1, ["Bolt", "3"]),
      row(2, ["Nut", "2"]),
      row(1, ["Bolt", "3"]),
      row(1, ["Nut", "2"], "Other"),
    ]);
    expect(groups.map((group) => [group.first, group.kind, group.blocks.length])).toEqual([
      [0, "paragraph", 1],
      [1, "paragraph", 1],
      [2, "list_item", 2],
      [4, "table_row", 2],
      [6, "table_row", 1],
      [7, "table_row", 1],
    ]);
  });

  it("a table row quoted with its column names is marked in its cells", () => {
    const rows = [row(1, ["Inner tube 28", "9 €"]), row(2, ["Chain 11 speed", "34 €"])];
    const marks = quoteMarks(rows, "Name: Chain 11 speed; Price: 34 €", rows[1]?.start);
    expect([...marks.keys()]).toEqual([1]);
    const cells = cellMarks(rows[1]?.cells ?? [], marks.get(1) ?? []);
    expect(cells.map((list) => list.map((mark) => [mark.from, mark.to]))).toEqual([[[0, 14]], [[0, 2]]]);
  });

  it("of two equal places the one at the start given by the API is marked", () => {
    const blocks = [
      block("paragraph", "два года"),
      block("paragraph", "👍 ещё"),
      block("paragraph", "два года"),
    ];
    expect([...quoteMarks(blocks, "два года", blocks[2]?.start).keys()]).toEqual([2]);
    expect([...quoteMarks(blocks, "два года", null).keys()]).toEqual([0]);
  });

  it("words that are not there mark the block where they should be", () => {
    const blocks = [block("paragraph", "one"), block("paragraph", "something else entirely")];
    expect(quoteMarks(blocks, "quoted by another reading", blocks[1]?.start)).toEqual(
      new Map([[1, [{ piece: 1, from: 0, to: 23 }]]]),
    );
  });
});

it("a text is cut at its marks", () => {
  const cut = stretches("free within 30 days", [{ piece: 0, from: 5, to: 11 }]);
  expect(cut.map((one) => (one.isMarked ? `<${one.text}>` : one.text)).join("")).toBe(
    "free <within> 30 days",
  );
});
