import { expect, test } from "vitest";
import { news } from "./news";
import type { Row } from "./wire";

const row = (id: string, state: string, author: string, at: string): Row =>
  ({ id, handoff: { state }, last: { author, at, text: "" } }) as Row;

test("what stood there at the first look is no news; who asks or writes later is", () => {
  const start = news(null, [row("a", "requested", "contact", "1")]);
  expect(start.fresh).toEqual([]);
  const same = news(start.seen, [row("a", "requested", "contact", "1")]);
  expect(same.fresh).toEqual([]);
  const asked = news(same.seen, [
    row("a", "requested", "contact", "1"),
    row("b", "requested", "assistant", "2"),
  ]);
  expect(asked.fresh.map(({ id }) => id)).toEqual(["b"]);
  const wrote = news(asked.seen, [
    row("a", "taken", "contact", "3"),
    row("b", "requested", "assistant", "2"),
  ]);
  expect(wrote.fresh.map(({ id }) => id)).toEqual(["a"]);
});

test("an operator's own words are no news", () => {
  const { seen } = news(null, [row("a", "taken", "contact", "1")]);
  expect(news(seen, [row("a", "taken", "member", "2")]).fresh).toEqual([]);
});
