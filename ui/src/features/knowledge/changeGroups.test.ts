import { expect, test } from "vitest";
import type { TextChange } from "../../api/types";
import { grouped } from "./changeGroups";

function row(place: string, ...columns: string[]): TextChange {
  const cells = columns.map((column) => ({ column, before: "1", after: "2" }));
  return { kind: "changed", place, page: null, parts: [], cells };
}

function line(place: string | null, page: number | null = null): TextChange {
  return { kind: "added", place, page, parts: [{ kind: "added", text: "x" }], cells: [] };
}

test("rows of one table stand together, with all the columns any of them has", () => {
  const groups = grouped([
    row("Prices", "Item", "Price"),
    row("Prices", "Item", "Stock", "Price"),
    row("Prices", "Name", "Size"),
    row("Delivery", "City", "Days"),
  ]);
  expect(groups.map(({ place, columns, changes }) => [place, columns, changes.length])).toEqual([
    ["Prices", ["Item", "Stock", "Price"], 2],
    ["Prices", ["Name", "Size"], 1],
    ["Delivery", ["City", "Days"], 1],
  ]);
});

test("lines stand together under their heading and page, never in a table", () => {
  const groups = grouped([line("Terms"), line("Terms"), line("Terms", 2), row("Terms", "Item"), line(null)]);
  expect(groups.map(({ columns, changes }) => [columns, changes.length])).toEqual([
    [null, 2],
    [null, 1],
    [["Item"], 1],
    [null, 1],
  ]);
});
