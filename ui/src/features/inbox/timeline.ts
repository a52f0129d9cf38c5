// What stands in a thread, in the order it happened: days, messages, notes, and what became of the conversation.

import type { Assignment, Message, Note, Transition } from "./wire";

export type Entry =
  | { kind: "day"; key: string; at: string }
  | { kind: "message"; key: string; at: string; message: Message; isFirst: boolean }
  | { kind: "note"; key: string; at: string; note: Note }
  | { kind: "event"; key: string; at: string; transition: Transition }
  | { kind: "given"; key: string; at: string; assignment: Assignment };

/** Messages of one writer within so many milliseconds stand together. */
const TOGETHER = 5 * 60_000;

/**
 * @param hasEarlier there are messages before these that are not loaded: what is older than the first of
 * these waits until they are
 * @param dayOf the day of a moment, as the reader's language writes it
 */
export function timeline(
  messages: readonly Message[],
  notes: readonly Note[],
  log: readonly Transition[],
  assignments: readonly Assignment[],
  hasEarlier: boolean,
  dayOf: (time: string) => string,
): Entry[] {
  const from = hasEarlier ? time(messages[0]?.created_at) : Number.NEGATIVE_INFINITY;
  const said = messages.map(
    (message): Entry => ({
      kind: "message",
      key: message.id,
      at: message.created_at,
      message,
      isFirst: true,
    }),
  );
  const beside: Entry[] = [
    ...notes.map((note): Entry => ({ kind: "note", key: note.id, at: note.created_at, note })),
    ...log.map(
      (transition, index): Entry => ({ kind: "event", key: `event-${index}`, at: transition.at, transition }),
    ),
    ...assignments.map(
      (assignment, index): Entry => ({ kind: "given", key: `given-${index}`, at: assignment.at, assignment }),
    ),
  ].filter((entry) => time(entry.at) >= from);
  // Messages keep the order of their numbers; the rest is put between them by its time.
  beside.sort((a, b) => time(a.at) - time(b.at));
  const entries = withDays(merged(said, beside), dayOf);
  return entries.map((entry, index) => {
    if (entry.kind !== "message") return entry;
    return { ...entry, isFirst: !isContinued(entries[index - 1], entry.message) };
  });
}

function merged(said: readonly Entry[], beside: readonly Entry[]): Entry[] {
  const entries: Entry[] = [];
  let next = 0;
  for (const entry of said) {
    while (next < beside.length && isBefore(beside[next] as Entry, entry)) {
      entries.push(beside[next] as Entry);
      next += 1;
    }
    entries.push(entry);
  }
  return [...entries, ...beside.slice(next)];
}

/** An operator who replies takes the conversation at that very moment: it is taken first, then replied in. */
function isBefore(beside: Entry, said: Entry): boolean {
  const isTaking = beside.kind === "event" && beside.transition.by === "operator";
  return time(beside.at) < time(said.at) || (isTaking && time(beside.at) === time(said.at));
}

function withDays(entries: readonly Entry[], dayOf: (time: string) => string): Entry[] {
  let day: string | undefined;
  return entries.flatMap((entry): Entry[] => {
    const own = dayOf(entry.at);
    if (own === day) return [entry];
    day = own;
    return [{ kind: "day", key: `day-${own}`, at: entry.at }, entry];
  });
}

function isContinued(before: Entry | undefined, message: Message): boolean {
  if (before?.kind !== "message") return false;
  const { author, operator, created_at } = before.message;
  const isSame = author === message.author && operator === message.operator;
  return isSame && time(message.created_at) - time(created_at) < TOGETHER;
}

function time(moment: string | undefined): number {
  return moment === undefined ? Number.NEGATIVE_INFINITY : new Date(moment).getTime();
}
