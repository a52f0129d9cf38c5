/** The simulator's chats, kept fresh by asking again as soon as something has happened in them. */
import { useCallback, useEffect, useRef, useState } from "react";
import { simulatorScene } from "./api";
import type { Simulator } from "./wire";

/** After a failure it is asked again this much later, in milliseconds. */
const AGAIN = 2000;

export function useSimulator() {
  const [scene, setScene] = useState<Simulator>();
  const [error, setError] = useState<unknown>();
  const [round, setRound] = useState(0);
  const restart = useCallback(() => setRound((round) => round + 1), []);
  const isFirst = useRef(true);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another round begins anew
  useEffect(() => {
    const stop = new AbortController();
    const follow = async () => {
      let after: number | undefined;
      while (!stop.signal.aborted) {
        try {
          const next = await simulatorScene(after, stop.signal);
          setError(undefined);
          setScene(next);
          isFirst.current = false;
          // Nothing happens while it does not run.
          if (next.bot_id === null) return;
          after = next.version;
        } catch (reason) {
          if (stop.signal.aborted) return;
          setError(reason);
          if (isFirst.current) return;
          await new Promise((resolve) => setTimeout(resolve, AGAIN));
          after = undefined;
        }
      }
    };
    void follow();
    return () => stop.abort();
  }, [round]);

  return { scene, error, restart };
}
