import { expect, it } from "vitest";
import { column, drawn, GAP, larger, pageInView, smaller } from "./layout";

const letter = { width: 600, height: 800 };

it("pages stand under each other with a gap around each", () => {
  const pages = column(3, new Map([[1, { width: 800, height: 600 }]]), letter, 0.5);
  expect(pages.tops).toEqual([GAP, GAP + 400 + GAP, GAP + 400 + GAP + 300 + GAP]);
  expect(pages.total).toBe(GAP + 400 + GAP + 300 + GAP + 400 + GAP);
});

it("only the pages in view and half a view around are drawn", () => {
  const pages = column(5000, new Map(), letter, 1);
  expect(drawn(pages, 0, 900)).toEqual([0, 1]);
  const [first, last] = drawn(pages, pages.tops[2500] ?? 0, 900);
  expect(first).toBe(2499);
  expect(last).toBe(2501);
});

it("the page in view is the one in the upper third", () => {
  const pages = column(10, new Map(), letter, 1);
  expect(pageInView(pages, 0, 900)).toBe(0);
  expect(pageInView(pages, (pages.tops[4] ?? 0) - 200, 900)).toBe(4);
  expect(pageInView(pages, pages.total, 900)).toBe(9);
});

it("an empty document has a page zero and does not fail", () => {
  expect(pageInView(column(0, new Map(), letter, 1), 0, 900)).toBe(0);
});

it("zoom moves by steps and stops at the ends", () => {
  expect(larger(0.83)).toBe(1);
  expect(smaller(0.83)).toBe(0.75);
  expect(larger(4)).toBe(4);
  expect(smaller(0.25)).toBe(0.25);
});
