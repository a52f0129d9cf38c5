import { expect, test } from "vitest";
import { formatIn } from "../../i18n/format";
import { fitsLink, idsIn, linkTo, storyOf, tokenIn } from "./state";
import type { Bot, BotState } from "./wire";
import { sayChannels as say } from "./words";

const calm: BotState = { is: "running", trouble: null, what: null, since: null, until: null };
const story = (state: Partial<BotState>, is_on = true) =>
  storyOf({ is_on, state: { ...calm, ...state } } as Bot, say, formatIn("en"));

test("every trouble has its own sentence and something to do or to wait for", () => {
  const troubles = [
    "needs_token",
    "other_poller",
    "webhook_set",
    "unreachable",
    "limited",
    "bad_address",
    "secret_lost",
    "local_only",
  ] as const;
  const stories = troubles.map((trouble) =>
    story({ is: "troubled", trouble, what: "there", until: "2026-11-25T10:00:00Z" }),
  );
  expect(new Set(stories.map(({ what }) => what)).size).toBe(troubles.length);
  expect(stories.every(({ remedy }) => remedy !== "")).toBe(true);
});

test("a bot that is off is off, whatever was in its way before", () => {
  expect(story({ is: "troubled", trouble: "needs_token" }, false)).toMatchObject({ word: "Off", fix: null });
});

test("a running bot needs no words, and one that lost its token is led to the field", () => {
  expect(story({})).toMatchObject({ word: "Running", what: "", fix: null });
  expect(story({ is: "troubled", trouble: "needs_token" }).fix).toBe("token");
  expect(story({ is: "troubled", trouble: "webhook_set", what: "old.example" }).what).toContain(
    "old.example",
  );
});

test("what a machine said stands apart from the sentence, which is in the reader's language", () => {
  expect(story({ is: "troubled", trouble: "unreachable", what: "dns error" })).toMatchObject({
    what: "Telegram cannot be reached.",
    detail: "dns error",
  });
  expect(story({ is: "troubled", trouble: "needs_token", what: "401" }).detail).toBe("");
});

test("a token is found in BotFather's whole message and in nothing else", () => {
  const token = `7654321098:${"AAF-example".repeat(3)}`;
  expect(tokenIn(`Use this token to access the HTTP API:\n${token}\nKeep your token secure`)).toBe(token);
  expect(tokenIn(token)).toBe(token);
  expect(["", "7654321098", "https://t.me/shop_bot", "12:short"].map(tokenIn)).toEqual(
    Array.from({ length: 4 }),
  );
});

test("ids are read however they are separated, once each, and nothing else is taken for one", () => {
  expect(idsIn(" 123, 456\n123 ")).toEqual([123, 456]);
  expect(idsIn("-1001234567890")).toEqual([-1001234567890]);
  expect(idsIn("")).toEqual([]);
  expect(idsIn("@anna")).toBeNull();
});

test("a link carries a name that fits into it", () => {
  expect(linkTo("shop_bot")).toBe("https://t.me/shop_bot");
  const names = ["", "Shop window", "x".repeat(29), "Наш магазин", "Наш новый магазин", "a\nb"];
  expect(names.map(fitsLink)).toEqual([true, true, false, true, false, false]);
});
