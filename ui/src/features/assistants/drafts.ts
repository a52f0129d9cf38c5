/** What was changed of an assistant and is not saved yet. Lives outside the page, so that leaving it loses nothing. */
import { useSyncExternalStore } from "react";
import type { Assistant, Settings } from "./wire";

export interface Draft {
  /** The version that it was begun from. */
  version: number;
  name: string;
  settings: Settings;
}

const drafts = new Map<string, Draft>();
const listeners = new Set<() => void>();

export function useDraft(id: string): Draft | undefined {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => drafts.get(id),
  );
}

/** The draft of this moment, for changes that come later than the page was drawn. */
export function draftOf(id: string): Draft | undefined {
  return drafts.get(id);
}

/** Keeps a draft; one that says what is saved already is none. */
export function keepDraft(saved: Assistant, draft: Draft): void {
  const isSame =
    draft.version === saved.version &&
    draft.name === saved.name &&
    JSON.stringify(draft.settings) === JSON.stringify(saved.settings);
  if (isSame) drafts.delete(saved.id);
  else drafts.set(saved.id, draft);
  tell();
}

export function dropDraft(id: string): void {
  drafts.delete(id);
  tell();
}

function tell(): void {
  for (const listener of listeners) listener();
}

addEventListener("beforeunload", (event) => {
  if (drafts.size > 0) event.preventDefault();
});
