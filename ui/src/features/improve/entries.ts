// One row of Improve, whatever it was made of. Pure.

import type { Channel, Rated, Unanswered } from "./wire";

export interface Entry {
  kind: "unanswered" | "rated";
  id: string;
  question: string;
  /** How often it was asked; nothing for a single answer. */
  asked: number | undefined;
  at: string;
  conversation: string;
  channels: readonly Channel[];
  /** Codes of the languages it was asked in, where they are known. */
  languages: readonly string[];
  /** What was said: by the assistant, or by a person after it. */
  said: { by: string | undefined; text: string } | undefined;
  /** What the Q&A form starts with. */
  draft: string;
}

export function ofUnanswered(group: Unanswered): Entry {
  const { reply } = group;
  return {
    kind: "unanswered",
    id: group.id,
    question: group.question,
    asked: group.asked,
    at: group.last_at,
    conversation: reply?.conversation_id ?? group.conversation_id,
    channels: group.channels,
    languages: group.languages.filter((code) => code !== ""),
    said: reply ? { by: reply.by, text: reply.text } : undefined,
    draft: reply?.text ?? "",
  };
}

export function ofRated(rated: Rated): Entry {
  return {
    kind: "rated",
    id: rated.id,
    question: rated.question,
    asked: undefined,
    at: rated.at,
    conversation: rated.conversation_id,
    channels: [rated.channel],
    languages: [],
    said: { by: undefined, text: rated.answer },
    draft: "",
  };
}

/** The one `by` places further on, within the list; the first where none was. */
export function moved(entries: readonly Entry[], current: string | undefined, by: number): Entry | undefined {
  const at = entries.findIndex(({ id }) => id === current);
  if (at < 0) return entries[0];
  return entries[Math.max(0, Math.min(entries.length - 1, at + by))];
}

/** A question as one line of the Q&A form, which has one a line. */
export function asLine(question: string): string {
  return question.replace(/\s*\n\s*/g, " ").trim();
}
