/** Who is in which conversation now, as the event stream tells it. Everybody leaves by themselves when their time is up. */
import { useSyncExternalStore } from "react";
import type { Presence } from "./types";

export interface Here {
  memberId: string;
  name: string;
  isTyping: boolean;
}

interface Known {
  memberId: string;
  name: string;
  until: number;
  typingUntil: number;
}

/** Conversations that are remembered: those looked at last. */
const MOST = 50;
const nobody: readonly Here[] = [];
const known = new Map<string, readonly Known[]>();
let shown: ReadonlyMap<string, readonly Here[]> = new Map();
const listeners = new Set<() => void>();
let waking: ReturnType<typeof setTimeout> | undefined;

export function keepPresence({ conversation_id, present }: Presence): void {
  const now = Date.now();
  known.delete(conversation_id);
  known.set(
    conversation_id,
    present.map(({ member_id, name, here_ms, typing_ms }) => ({
      memberId: member_id,
      name,
      until: now + here_ms,
      typingUntil: now + typing_ms,
    })),
  );
  const [oldest] = known.keys();
  if (known.size > MOST && oldest !== undefined) known.delete(oldest);
  settle();
}

/** Everybody in a conversation, oneself as well. */
export function usePresent(conversationId: string): readonly Here[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => shown.get(conversationId) ?? nobody,
  );
}

/** Shows what is so now, and comes back when the next one's time is up. */
function settle(): void {
  const now = Date.now();
  const next = new Map<string, readonly Here[]>();
  let soonest = Number.POSITIVE_INFINITY;
  for (const [id, people] of known) {
    const here = people.filter(({ until }) => until > now);
    if (here.length === 0) {
      known.delete(id);
      continue;
    }
    for (const { until, typingUntil } of here) {
      soonest = Math.min(soonest, until, typingUntil > now ? typingUntil : until);
    }
    const present = here.map(({ memberId, name, typingUntil }) => ({
      memberId,
      name,
      isTyping: typingUntil > now,
    }));
    const before = shown.get(id);
    next.set(id, before && isSame(before, present) ? before : present);
  }
  shown = next;
  clearTimeout(waking);
  if (soonest < Number.POSITIVE_INFINITY) waking = setTimeout(settle, Math.max(0, soonest - now) + 5);
  for (const listener of listeners) listener();
}

function isSame(a: readonly Here[], b: readonly Here[]): boolean {
  return (
    a.length === b.length &&
    a.every((one, index) => {
      const other = b[index];
      return one.memberId === other?.memberId && one.isTyping === other.isTyping && one.name === other.name;
    })
  );
}
