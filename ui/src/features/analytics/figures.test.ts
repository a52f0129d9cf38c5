import { expect, test } from "vitest";
import { answeredShare, costsOf, csv, type Day, middleWait, sum } from "./figures";

const day = (of: Partial<Day>): Day => ({
  date: "2026-11-22",
  conversations: 0,
  asked: 0,
  answered: 0,
  handed_over: 0,
  refused: 0,
  by_people: 0,
  median_wait_ms: null,
  ...of,
});

test("days are summed, and the middle wait is one that was waited", () => {
  const days = [
    day({ asked: 3, answered: 2, refused: 1, median_wait_ms: 9000 }),
    day({}),
    day({ asked: 1, answered: 1, median_wait_ms: 1000 }),
    day({ median_wait_ms: 3000 }),
  ];
  expect(sum(days, "asked")).toBe(4);
  expect(middleWait(days)).toBe(3000);
  expect(answeredShare(days)).toBe(0.75);
  expect(middleWait([day({})])).toBeNull();
  expect(answeredShare([day({})])).toBeNull();
});

test("a cell never becomes a formula, and commas and quotes stay in theirs", () => {
  expect(csv([["=1+1", 'say "hi", twice', -4]])).toBe(`'=1+1,"say ""hi"", twice",-4\r\n`);
});

test("what assistants cost is summed by day, and those that cost most stand first", () => {
  const row = (date: string, assistant_id: string | null, cost_micros: number) => ({
    date,
    assistant_id,
    cost_micros,
  });
  const costs = costsOf([
    row("2026-11-21", "a", 5),
    row("2026-11-22", "a", 7),
    row("2026-11-22", "b", 40),
    row("2026-11-20", null, 1),
  ]);
  expect(costs.map(({ id, total }) => [id, total])).toEqual([
    ["b", 40],
    ["a", 12],
    [null, 1],
  ]);
  expect(costs[1]?.micros.get("2026-11-22")).toBe(7);
});
