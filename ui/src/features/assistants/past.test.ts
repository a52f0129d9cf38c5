import { expect, test } from "vitest";
import { effectOf } from "./past";
import type { PastQuestion } from "./wire";

const asked = (question: string, confidence: number, decided = true): PastQuestion => ({
  message_id: question,
  conversation_id: "",
  channel: "telegram",
  question,
  confidence,
  decided_by_threshold: decided,
  at: "2026-11-26T00:00:00Z",
});
const questions = [
  asked("low", 0.3),
  asked("middle", 0.55),
  asked("high", 0.9),
  asked("unprovable", 0.6, false),
];
const names = (list: PastQuestion[]) => list.map(({ question }) => question);

test("a higher threshold refuses what lay between", () => {
  const effect = effectOf(questions, 0.5, 0.7);
  expect(names(effect.refused)).toEqual(["middle"]);
  expect(effect.answered).toEqual([]);
  expect(effect.of).toBe(4);
});

test("a lower threshold answers what lay between, and the same one changes nothing", () => {
  expect(names(effectOf(questions, 0.5, 0.3).answered)).toEqual(["low"]);
  const same = effectOf(questions, 0.5, 0.5);
  expect([...same.answered, ...same.refused]).toEqual([]);
});
