import { expect, test } from "vitest";
import { midnight, needsOf, stepsOf } from "./needs";
import type { Home } from "./wire";

const now = new Date("2026-11-22T12:00:00Z").getTime();
const calm: Home = {
  needs: { waiting: 0, waiting_since: null, failed_documents: 0, unanswered: 0, low_rated: 0 },
  today: { asked: 0, answered: 0, handed_over: 0, refused: 0 },
  bots: [],
  done: { knowledge: true, assistant: true, bot: true, recovery: true },
  last_backup_at: "2026-11-21T12:00:00Z",
};

test("a calm day needs nobody", () => {
  expect(needsOf(calm, "owner", now)).toEqual([]);
});

test("people who wait come before everything else", () => {
  const busy = { ...calm, needs: { ...calm.needs, waiting: 2, unanswered: 5, low_rated: 1 } };
  expect(needsOf(busy, "operator", now).map(({ kind }) => kind)).toEqual(["waiting", "unanswered", "rated"]);
});

test("an old backup is the owner's matter, and no one's before there is anything to lose", () => {
  const old = { ...calm, last_backup_at: null };
  expect(needsOf(old, "owner", now)).toEqual([{ kind: "backup", at: null, href: "/settings" }]);
  expect(needsOf(old, "admin", now)).toEqual([]);
  const empty = { ...old, done: { ...calm.done, knowledge: false, bot: false } };
  expect(needsOf(empty, "owner", now)).toEqual([]);
});

test("a newer version is the last thing that is told", () => {
  const old = { ...calm, last_backup_at: null };
  expect(needsOf(old, "owner", now, "0.2.0").map(({ kind }) => kind)).toEqual(["backup", "update"]);
});

test("first steps are shown to those who can take them, until all are done", () => {
  const fresh = { ...calm, done: { ...calm.done, bot: false, recovery: false } };
  expect(
    stepsOf(fresh, "owner")
      .filter(({ isDone }) => !isDone)
      .map(({ step }) => step),
  ).toEqual(["bot", "recovery"]);
  expect(stepsOf(fresh, "admin").map(({ step }) => step)).toEqual(["knowledge", "assistant", "bot"]);
  expect(stepsOf(fresh, "viewer")).toEqual([]);
  expect(stepsOf(calm, "owner")).toEqual([]);
});

test("the day begins at midnight of the reader's clock", () => {
  const start = new Date(midnight(new Date(2026, 10, 22, 15, 30)));
  expect([start.getDate(), start.getHours(), start.getMinutes()]).toEqual([22, 0, 0]);
});
