import { expect, test } from "vitest";
import { over } from "./length";

test("a text that just fits is not too long", () => {
  expect(over("", 3)).toBe(0);
  expect(over("abc", 3)).toBe(0);
  expect(over("abcde", 3)).toBe(2);
});

test("a character of two code units counts once, as the API counts it", () => {
  expect(over("🚲🚲🚲", 3)).toBe(0);
  expect(over("🚲🚲🚲🚲", 3)).toBe(1);
});
