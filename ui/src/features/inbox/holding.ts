// Who holds a conversation, as the bar on top, the switch and the composer need to know it. Pure.

import type { Handoff, Operator, Section, Transition } from "./wire";
import type { InboxSay } from "./words";

export interface Holding {
  /** The switch stands at the assistant. */
  isAi: boolean;
  /** The switch stands at this member. */
  isMine: boolean;
  /** Somebody else has it: their name. */
  other: string | null;
  isClosed: boolean;
}

export function holding(handoff: Handoff, me: string | undefined): Holding {
  const { state, operator } = handoff;
  const isMine = state === "taken" && isMember(operator, me);
  return {
    isAi: state !== "closed" && !handoff.is_assistant_silent,
    isMine,
    other: state === "taken" && !isMine ? (operator?.name ?? "") : null,
    isClosed: state === "closed",
  };
}

export function isMember(operator: Operator | null, me: string | undefined): boolean {
  return me !== undefined && operator?.member_id === me;
}

/** In words, for the bar on top. */
export function holdingWords(handoff: Handoff, me: string | undefined, say: InboxSay): string {
  const { isMine, other } = holding(handoff, me);
  switch (handoff.state) {
    case "ai":
    case "handed_back":
      return say("held.ai");
    case "requested":
      return say(handoff.is_assistant_silent ? "held.requested_silent" : "held.requested_answering");
    case "taken":
      return isMine ? say("held.me") : say("held.other", { name: other ?? "" });
    case "closed":
      return say("held.closed");
  }
}

/** What sending a reply does besides sending it; empty when nothing. */
export function replyEffect(handoff: Handoff, me: string | undefined, say: InboxSay): string {
  const { isMine, isClosed } = holding(handoff, me);
  if (isClosed) return say("compose.reopens");
  return isMine ? "" : say("compose.takes_over");
}

/** Why a person was asked for; empty where nobody was. */
export function whyWords({ why, words, times }: Handoff, say: InboxSay): string {
  switch (why) {
    case null:
      return "";
    case "customer_asked":
      return say("why.customer_asked", { words: words ?? "" });
    case "low_confidence":
      return say("why.low_confidence");
    case "repeated_refusal":
      return say("why.repeated_refusal", { count: times ?? 0 });
    case "low_rating":
      return say("why.low_rating");
    case "owners_rule":
      return say("why.owners_rule", { words: words ?? "" });
  }
}

/** What happened, as a line between the messages. */
export function transitionWords(
  { act, operator, to, from }: Transition,
  me: string | undefined,
  say: InboxSay,
): string {
  const isMe = isMember(operator, me);
  const name = operator?.name ?? "";
  switch (act) {
    case "take":
    case "operator_types":
      if (act === "take" && to.operator && !isSameOperator(operator, to.operator))
        return givenWords({ by: operator, to: to.operator }, me, say);
      return isMe ? say("event.taken_me") : say("event.taken", { name });
    case "hand_back":
      return isMe ? say("event.handed_back_me") : say("event.handed_back", { name });
    case "close":
      return isMe ? say("event.closed_me") : say("event.closed", { name });
    case "reopen":
      return say("event.reopened");
    case "idle_for":
      return say(from.state === "taken" ? "event.idle" : "event.nobody_came");
    default:
      return whyWords(to, say) || say("event.asked");
  }
}

/** Who gave it to whom, as a line between the messages. */
export function givenWords(
  { by, to }: { by: Operator | null; to: Operator | null },
  me: string | undefined,
  say: InboxSay,
): string {
  const name = by?.name ?? "";
  if (!to) return isMember(by, me) ? say("event.freed_me") : say("event.freed", { name });
  if (isMember(by, me))
    return isMember(to, me) ? say("event.given_self") : say("event.given_by_me", { to: to.name });
  return isMember(to, me) ? say("event.given_to_me", { name }) : say("event.given", { name, to: to.name });
}

function isSameOperator(a: Operator | null, b: Operator): boolean {
  return a?.member_id === b.member_id && a?.remote_id === b.remote_id;
}

/** In which list a conversation stands. */
export function sectionOf({ state }: Handoff): Section {
  switch (state) {
    case "requested":
      return "needs";
    case "taken":
      return "taken";
    case "closed":
      return "closed";
    default:
      return "ai";
  }
}

/** Up to two letters that stand for a name. */
export function initials(name: string): string {
  const words = name.split(/[\s._-]+/u).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const [first = "", second = ""] = words.map((word) => /[\p{L}\p{N}]/u.exec(word)?.[0] ?? "");
  return (first + second).toUpperCase();
}
