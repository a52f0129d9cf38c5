import { expect, test } from "vitest";
import { busiest, daysOfUtc } from "./busiest";

interface Row {
  date: string;
  engine: string;
  answers: number;
  tokens: number;
}

const row = (date: string, engine: string, answers: number): Row => ({ date, engine, answers, tokens: 0 });
const byEngine = (rows: readonly Row[], dates: readonly string[], amount: (row: Row) => number) =>
  busiest(rows, dates, ({ engine }) => engine, amount);

test("the three busiest engines have a series, and the others one together", () => {
  const dates = ["2026-11-21", "2026-11-22"];
  const rows = ["a", "b", "c", "d", "e"].flatMap((engine, at) => [
    row("2026-11-20", engine, 100),
    row("2026-11-21", engine, at),
    row("2026-11-22", engine, 1),
  ]);
  const series = byEngine(rows, dates, ({ answers }) => answers);
  expect(series.map(({ key, total }) => [key, total])).toEqual([
    ["e", 5],
    ["d", 4],
    ["c", 3],
    ["", 3],
  ]);
  expect(series[3]?.values).toEqual([1, 2]);
  const four = rows.filter(({ engine }) => engine !== "a");
  expect(byEngine(four, dates, ({ answers }) => answers).map(({ key }) => key)).toEqual(["e", "d", "c", "b"]);
  expect(byEngine(rows, dates, ({ tokens }) => tokens)).toEqual([]);
});

test("days end with today, over the end of a month", () => {
  expect(daysOfUtc(Date.parse("2026-03-01T23:59:00Z"), 3)).toEqual([
    "2026-02-27",
    "2026-02-28",
    "2026-03-01",
  ]);
});
