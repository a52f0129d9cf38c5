import { expect, test } from "vitest";
import { mayOf } from "./may";

test("each role may do what the one before it may, and one thing more", () => {
  expect(mayOf(undefined)).toEqual({ answer: false, change: false, own: false });
  expect(mayOf("viewer")).toEqual({ answer: false, change: false, own: false });
  expect(mayOf("operator")).toEqual({ answer: true, change: false, own: false });
  expect(mayOf("admin")).toEqual({ answer: true, change: true, own: false });
  expect(mayOf("owner")).toEqual({ answer: true, change: true, own: true });
});
