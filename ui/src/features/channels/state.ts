// How a bot fares, in words, and what its owner can do about it. Pure.

import type { Tone } from "../../design/Parts";
import type { Format } from "../../i18n/format";
import type { Bot } from "./wire";
import type { ChannelsSay } from "./words";

export interface Story {
  /** One or two words. */
  word: string;
  tone: Tone;
  /** One sentence; empty when there is nothing to add. */
  what: string;
  /** What to do about it; empty when nothing. */
  remedy: string;
  /** What the network or the server said, word for word and in its own language; empty when it said nothing. */
  detail: string;
  /** The button that does it. */
  fix: "token" | "settings" | "doctor" | null;
}

export function storyOf({ is_on, state }: Bot, say: ChannelsSay, format: Format): Story {
  const plain = (word: string, tone: Tone, what = ""): Story => ({
    word,
    tone,
    what,
    remedy: "",
    detail: "",
    fix: null,
  });
  if (!is_on) return plain(say("state.off"), "plain", say("state.off_what"));
  switch (state.is) {
    case "running":
      return plain(say("state.running"), "good");
    case "off":
    case "starting":
      return plain(say("state.starting"), "accent", say("state.starting_what"));
    case "troubled":
      break;
  }
  const { trouble } = state;
  const word = say(trouble === "limited" ? "state.waits" : "state.troubled");
  const tone: Tone = trouble === "limited" || trouble === "unreachable" ? "warn" : "danger";
  const story = (what: string, remedy: string, fix: Story["fix"], detail = ""): Story => ({
    word,
    tone,
    what,
    remedy,
    detail,
    fix,
  });
  switch (trouble) {
    case "needs_token":
      return story(say("trouble.needs_token"), say("trouble.needs_token_do"), "token");
    case "secret_lost":
      return story(say("trouble.secret_lost"), say("trouble.secret_lost_do"), "token");
    case "other_poller":
      return story(say("trouble.other_poller"), say("trouble.other_poller_do"), "token");
    case "webhook_set":
      return story(
        say("trouble.webhook_set", { host: state.what ?? "" }),
        say("trouble.webhook_set_do"),
        "doctor",
      );
    case "unreachable":
      return story(say("trouble.unreachable"), say("trouble.unreachable_do"), "settings", state.what ?? "");
    case "bad_address":
      return story(say("trouble.bad_address"), say("trouble.bad_address_do"), "settings", state.what ?? "");
    case "local_only":
      return story(say("trouble.local_only"), say("trouble.local_only_do"), null);
    case "limited": {
      const until = state.until === null ? "" : format.clock(state.until);
      return story(say("trouble.limited", { until }), say("trouble.limited_do"), null);
    }
    case null:
      return story(say("trouble.unknown"), say("trouble.unknown_do"), "doctor");
  }
}

/** The link that opens a chat with a bot. */
export function linkTo(username: string): string {
  return `https://t.me/${username}`;
}

/** Whether a signed link can carry the name: at most 28 bytes, and no line breaks or the like. */
export function fitsLink(name: string): boolean {
  return new TextEncoder().encode(name.trim()).length <= 28 && !/\p{Cc}/u.test(name);
}

/** A token as BotFather writes it, found in whatever was pasted: his whole message, too. */
export function tokenIn(pasted: string): string | undefined {
  return /(?<![\w-])\d{5,20}:[A-Za-z0-9_-]{30,100}(?![\w-])/.exec(pasted)?.[0];
}

/** Ids as people write them, one after the other; `null` when something between them is no id. */
export function idsIn(text: string): number[] | null {
  const words = text.split(/[\s,;]+/).filter((word) => word !== "");
  if (!words.every((word) => /^-?\d{1,15}$/.test(word))) return null;
  return [...new Set(words.map(Number))];
}
