// The last thing a customer wrote and what they were told. Pure.

import type { Message } from "../../features/inbox/wire";

export interface Exchange {
  asked: Message;
  /** Nothing yet, or a person is to answer. */
  answered: Message | undefined;
  /** Milliseconds from one to the other. */
  took: number;
}

/** Of messages in the order in which they were said; nothing when no customer wrote. */
export function lastExchange(messages: readonly Message[]): Exchange | undefined {
  const asked = messages.findLast(({ author }) => author === "contact");
  if (!asked) return undefined;
  const answered = messages.find(({ author, seq }) => author === "assistant" && seq > asked.seq);
  const took = answered ? Date.parse(answered.created_at) - Date.parse(asked.created_at) : 0;
  return { asked, answered, took: Math.max(0, took) };
}
