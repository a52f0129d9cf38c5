import { expect, test } from "vitest";
import { ApiProblem } from "../../api/problem";
import { isGuessed, missingIn } from "./rule";

test("a password is counted in characters as people count them, not in units of the computer", () => {
  expect(missingIn("")).toBe(10);
  expect(missingIn("🚲🚲🚲🚲🚲")).toBe(5);
  expect(missingIn("four words are fine")).toBe(0);
});

test("only a refusal of the password itself says that it is guessed", () => {
  expect(isGuessed(new ApiProblem("invalid", 422, { field: "password" }))).toBe(true);
  expect(isGuessed(new ApiProblem("invalid", 422, { field: "email" }))).toBe(false);
  expect(isGuessed(null)).toBe(false);
});
