import { expect, test } from "vitest";
import { draftOf, keepDraft } from "./drafts";

test("a draft stays with its conversation, and the oldest of very many is forgotten", () => {
  keepDraft("a reply", "half a sentence");
  keepDraft("b reply", "another");
  expect(draftOf("a reply")).toBe("half a sentence");
  keepDraft("b reply", "");
  expect(draftOf("b reply")).toBe("");
  for (let index = 0; index < 50; index += 1) keepDraft(`other ${index}`, "x");
  expect(draftOf("a reply")).toBe("");
});
