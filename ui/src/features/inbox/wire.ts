/** What the Inbox shows, in its own shapes: `api.ts` makes them from the API's. */
import type { components } from "../../api/schema";

type Schemas = components["schemas"];

/** The lists of the Inbox, by who has a conversation. */
export const sections = ["needs", "taken", "ai", "closed"] as const;
export type Section = (typeof sections)[number];

export type Channel = Schemas["Channel"] | "telegram" | "simulator";

/** A person who answers customers: a member, or somebody of the staff group. */
export interface Operator {
  name: string;
  member_id: string | null;
  remote_id: number | null;
}

export type Why = "customer_asked" | "low_confidence" | "repeated_refusal" | "low_rating" | "owners_rule";

/** Who answers in a conversation. */
export interface Handoff {
  state: "ai" | "requested" | "taken" | "handed_back" | "closed";
  since: string | null;
  why: Why | null;
  words: string | null;
  times: number | null;
  operator: Operator | null;
  is_assistant_silent: boolean;
}

/** What happened to a conversation. */
export interface Transition {
  from: Handoff;
  to: Handoff;
  act:
    | "customer_asks"
    | "low_confidence"
    | "repeated_refusal"
    | "low_rating"
    | "owners_rule"
    | "operator_types"
    | "take"
    | "hand_back"
    | "close"
    | "reopen"
    | "idle_for";
  by: "contact" | "assistant" | "operator" | "clock";
  operator: Operator | null;
  at: string;
}

/** A conversation as the lists show it. */
export interface Row {
  id: string;
  assistant_id: string;
  channel: Channel;
  title: string;
  language: string;
  created_at: string;
  last_at: string;
  handoff: Handoff;
  contact_name: string;
  contact_username: string;
  is_banned: boolean;
  /** Messages of the customer that nothing answers yet. */
  unanswered: number;
  last: { author: "contact" | "assistant" | "member"; text: string; at: string } | null;
}

/** What is known of a customer; what is unknown is empty. */
export interface Contact {
  contact_id: string;
  name: string;
  username: string;
  language: string;
  email: string;
  phone: string;
  is_banned: boolean;
}

export interface Attachment {
  id: string;
  kind: "photo" | "voice" | "audio" | "video" | "document" | "sticker" | "location" | "contact";
  name: string;
  media_type: string;
  size: number;
  /** A place (`lat,lon`), or a number and a name. */
  detail: string;
  state: "waiting" | "kept" | "too_large" | "failed" | "no_file";
}

export interface Message {
  id: string;
  seq: number;
  author: "contact" | "assistant" | "member";
  /** Name of the person who wrote it; empty for others. */
  operator: string;
  text: string;
  citations: readonly Schemas["Citation"][];
  outcome: Schemas["Outcome"] | null;
  edited_at: string | null;
  attachments: readonly Attachment[];
  rating: "good" | "bad" | null;
  /** How it fares on its way to the customer; null where nothing is delivered. */
  delivery: { state: "queued" | "sending" | "sent" | "uncertain" | "failed"; reason: string } | null;
  created_at: string;
}

export interface Note {
  id: string;
  by: Operator;
  text: string;
  created_at: string;
}
