import { expect, test } from "vitest";
import { isEndless } from "./endless";

test("only a run without a space is endless, however long the text", () => {
  expect(isEndless("слово ".repeat(20_000))).toBe(false);
  expect(isEndless(`слово ${"ж".repeat(100_000)}`)).toBe(true);
});
