import { expect, test } from "vitest";
import { problemOf } from "./problem";

test("a problem keeps its code, its field and the request's id", () => {
  const problem = problemOf({ code: "invalid", field: "email", request_id: "abc", detail: "no" }, 422);
  expect([problem.code, problem.field, problem.requestId, problem.detail, problem.status]).toEqual([
    "invalid",
    "email",
    "abc",
    "no",
    422,
  ]);
});

test("an answer without a code of ours is a program that is away, a proxy's limit, or a defect", () => {
  expect(problemOf("<html>", 502).code).toBe("unreachable");
  expect(problemOf("<html>", 413).code).toBe("too_large_for_proxy");
  expect(problemOf({ code: "too_large" }, 413).code).toBe("too_large");
  expect(problemOf(undefined, 500).code).toBe("internal");
});
