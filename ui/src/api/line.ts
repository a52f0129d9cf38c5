/** Whether the program answers, as the line of its events tells it. A short break is told to nobody. */
import { useSyncExternalStore } from "react";

/** Milliseconds for which the line may be broken before it is told. */
const SHORT = 3_000;

let isAway = false;
let telling: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

export function keepLine(isStanding: boolean): void {
  if (!isStanding) {
    telling ??= setTimeout(() => tell(true), SHORT);
    return;
  }
  clearTimeout(telling);
  telling = undefined;
  tell(false);
}

/** True while the line has been broken for longer than a moment. */
export function useAway(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => isAway,
  );
}

function tell(away: boolean): void {
  isAway = away;
  for (const listener of listeners) listener();
}
