import { expect, test } from "vitest";
import {
  holding,
  holdingWords,
  initials,
  replyEffect,
  sectionOf,
  transitionWords,
  whyWords,
} from "./holding";
import type { Handoff, Operator } from "./wire";
import { sayInbox as say } from "./words";

const ann: Operator = { name: "Ann", member_id: "m1", remote_id: null };
const bob: Operator = { name: "Bob", member_id: null, remote_id: 77 };

function held(state: Handoff["state"], more: Partial<Handoff> = {}): Handoff {
  return {
    state,
    since: null,
    why: null,
    words: null,
    times: null,
    meanwhile: null,
    operator: null,
    is_assistant_silent: false,
    ...more,
  };
}

const mine = held("taken", { operator: ann, is_assistant_silent: true });
const others = held("taken", { operator: bob, is_assistant_silent: true });

test("the switch stands at exactly one side, or at none while nobody answers", () => {
  const at = (handoff: Handoff) => {
    const { isAi, isMine } = holding(handoff, "m1");
    return [isAi, isMine];
  };
  expect(at(held("ai"))).toEqual([true, false]);
  expect(at(held("handed_back"))).toEqual([true, false]);
  expect(at(held("requested"))).toEqual([true, false]);
  expect(at(held("requested", { is_assistant_silent: true }))).toEqual([false, false]);
  expect(at(mine)).toEqual([false, true]);
  expect(at(others)).toEqual([false, false]);
  expect(at(held("closed"))).toEqual([false, false]);
});

test("a conversation of somebody of the staff group is never a member's own", () => {
  expect(holding(others, undefined).isMine).toBe(false);
  expect(holding(others, "77").other).toBe("Bob");
});

test("the bar says who answers and whether the assistant is silent", () => {
  expect(holdingWords(mine, "m1", say)).toBe("You answer; the assistant is silent");
  expect(holdingWords(mine, "m2", say)).toBe("Ann answers; the assistant is silent");
  expect(holdingWords(held("requested", { is_assistant_silent: true }), "m1", say)).toContain("is silent");
});

test("the composer tells beforehand that a reply takes over", () => {
  expect(replyEffect(held("ai"), "m1", say)).toContain("takes the conversation over");
  expect(replyEffect(held("closed"), "m1", say)).toContain("opens the conversation again");
  expect(replyEffect(mine, "m1", say)).toBe("");
});

test("why a person is asked for is a sentence with the words that were recognised", () => {
  expect(whyWords(held("requested", { why: "customer_asked", words: "a human" }), say)).toContain(
    "“a human”",
  );
  expect(whyWords(held("requested", { why: "repeated_refusal", times: 3 }), say)).toContain("3 times");
  expect(whyWords(held("ai"), say)).toBe("");
});

test("what happened names who did it, and you when it was you", () => {
  const took = { from: held("ai"), to: mine, act: "take", by: "operator", operator: ann, at: "" } as const;
  expect(transitionWords(took, "m1", say)).toBe("You took the conversation");
  expect(transitionWords(took, "m2", say)).toBe("Ann took the conversation");
  const idle = { ...took, act: "idle_for", by: "clock", operator: null } as const;
  expect(transitionWords({ ...idle, from: mine }, "m1", say)).toContain("Nobody wrote");
  expect(transitionWords({ ...idle, from: held("requested") }, "m1", say)).toContain("Nobody came");
});

test("a conversation stands in one list", () => {
  expect([held("ai"), held("handed_back"), held("requested"), mine, held("closed")].map(sectionOf)).toEqual([
    "ai",
    "ai",
    "needs",
    "taken",
    "closed",
  ]);
});

test("initials are letters of any script", () => {
  expect(["Ivan Petrov", "Анна", "jean-luc", "🙂 smile", "…"].map(initials)).toEqual([
    "IP",
    "А",
    "JL",
    "S",
    "",
  ]);
});
