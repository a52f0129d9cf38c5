import { expect, test } from "vitest";
import { asText, fitting, type Line, type Log, merged } from "./log";

const line = (number: number, text: string, from = "app::work"): Line => ({
  number,
  at: "2026-11-26T09:00:00Z",
  level: "info",
  from,
  text,
});
const log = (last: number, lines: Line[]): Log => ({ lines, last, file: null, journal: false });

test("new lines come after the known ones, and a new start begins anew", () => {
  const known = log(2, [line(1, "one"), line(2, "two")]);
  expect(merged(undefined, known)).toEqual(known);
  expect(merged(known, log(3, [line(3, "three")])).lines.map(({ text }) => text)).toEqual([
    "one",
    "two",
    "three",
  ]);
  expect(merged(known, log(1, [line(1, "again")])).lines.map(({ text }) => text)).toEqual(["again"]);
  const many = Array.from({ length: 2_001 }, (_, at) => line(at + 3, "more"));
  expect(merged(known, log(2_003, many)).lines).toHaveLength(2_000);
});

test("every word has to stand in a line, in whatever case, and the newest line is the first", () => {
  const lines = [
    line(1, "A backup was made"),
    line(2, "a backup failed"),
    line(3, "listening", "api::serve"),
  ];
  expect(fitting(lines, "").map(({ number }) => number)).toEqual([3, 2, 1]);
  expect(fitting(lines, "BACKUP  made").map(({ number }) => number)).toEqual([1]);
  expect(fitting(lines, "api::")).toHaveLength(1);
  expect(fitting(lines, "nothing of the kind")).toEqual([]);
});

test("a file has the oldest line first, one on each line", () => {
  const shown = fitting([line(1, "one"), line(2, "two")], "");
  expect(asText(shown)).toBe(
    "2026-11-26T09:00:00Z INFO app::work: one\n2026-11-26T09:00:00Z INFO app::work: two\n",
  );
});
