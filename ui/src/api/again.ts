/** When to try again what failed: after pauses that grow, and at once when there is new hope. */

/** Milliseconds. */
const FIRST = 1_000;
const LONGEST = 30_000;

/**
 * Milliseconds to wait after so many failures in a row. @param chance 0..1; it takes off up to the half, so that not
 * every browser comes back in the same moment
 */
export function pauseAfter(failures: number, chance: number): number {
  return Math.min(LONGEST, FIRST * 2 ** (failures - 1)) * (1 - chance / 2);
}

export interface Again {
  failed: () => void;
  /** The next failure is a first one. */
  stood: () => void;
  stop: () => void;
}

/** Tries after each failure; at once when the network comes back or somebody looks at the page. */
export function again(act: () => void): Again {
  let failures = 0;
  let waiting: ReturnType<typeof setTimeout> | undefined;
  const go = () => {
    if (waiting === undefined) return;
    clearTimeout(waiting);
    waiting = undefined;
    act();
  };
  const look = () => {
    if (document.visibilityState === "visible") go();
  };
  addEventListener("online", go);
  document.addEventListener("visibilitychange", look);
  return {
    failed: () => {
      failures += 1;
      clearTimeout(waiting);
      waiting = setTimeout(go, pauseAfter(failures, Math.random()));
    },
    stood: () => {
      failures = 0;
    },
    stop: () => {
      clearTimeout(waiting);
      waiting = undefined;
      removeEventListener("online", go);
      document.removeEventListener("visibilitychange", look);
    },
  };
}
