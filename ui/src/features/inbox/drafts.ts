// What was written and not sent yet, by conversation: going to another one and back loses nothing.

const kept = new Map<string, string>();

/** Drafts that are remembered; the oldest is forgotten first. */
const MOST = 50;

export function draftOf(key: string): string {
  return kept.get(key) ?? "";
}

export function keepDraft(key: string, text: string): void {
  kept.delete(key);
  if (text === "") return;
  kept.set(key, text);
  const [oldest] = kept.keys();
  if (kept.size > MOST && oldest !== undefined) kept.delete(oldest);
}
