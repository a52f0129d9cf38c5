import { expect, test } from "vitest";
import { byEngine, daysOfUtc, type EngineDay } from "./byEngine";

const row = (date: string, engine: string, answers: number): EngineDay => ({
  date,
  engine,
  answers,
  prompt_tokens: 0,
  answer_tokens: 0,
});

test("the three busiest engines have a series, and the others one together", () => {
  const dates = ["2026-11-21", "2026-11-22"];
  const rows = ["a", "b", "c", "d", "e"].flatMap((engine, at) => [
    row("2026-11-20", engine, 100),
    row("2026-11-21", engine, at),
    row("2026-11-22", engine, 1),
  ]);
  const series = byEngine(rows, dates, ({ answers }) => answers);
  expect(series.map(({ engine, total }) => [engine, total])).toEqual([
    ["e", 5],
    ["d", 4],
    ["c", 3],
    ["", 3],
  ]);
  expect(series[3]?.values).toEqual([1, 2]);
  const four = rows.filter(({ engine }) => engine !== "a");
  expect(byEngine(four, dates, ({ answers }) => answers).map(({ engine }) => engine)).toEqual([
    "e",
    "d",
    "c",
    "b",
  ]);
  expect(byEngine(rows, dates, ({ prompt_tokens }) => prompt_tokens)).toEqual([]);
});

test("days end with today, over the end of a month", () => {
  expect(daysOfUtc(Date.parse("2026-03-01T23:59:00Z"), 3)).toEqual([
    "2026-02-27",
    "2026-02-28",
    "2026-03-01",
  ]);
});
