import { expect, test } from "vitest";
import { extended, unread } from "./chain";

test("a page that is read makes the next one known", () => {
  const one = extended(unread, 0, 100, "b");
  expect(one).toEqual([
    { cursor: null, count: 100, next: "b", isRead: true },
    { cursor: "b", count: 0, next: null, isRead: false },
  ]);
  const all = extended(one, 1, 7, null);
  expect(all.at(-1)).toEqual({ cursor: "b", count: 7, next: null, isRead: true });
  expect(extended(all, 0, 100, "b")).toBe(all);
});

test("when a page ends elsewhere, the next one keeps its height until it is read, and those behind it go", () => {
  const three = extended(extended(extended(unread, 0, 100, "b"), 1, 100, "c"), 2, 40, null);
  const moved = extended(three, 0, 100, "x");
  expect(moved).toEqual([
    { cursor: null, count: 100, next: "x", isRead: true },
    { cursor: "x", count: 100, next: null, isRead: false, was: "b" },
  ]);
  expect(extended(three, 0, 3, null)).toEqual([{ cursor: null, count: 3, next: null, isRead: true }]);
});
