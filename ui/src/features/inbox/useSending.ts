/** Replies and notes on their way: they stand in the thread at once, and stay there with a way on when they fail. */
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { note, reply } from "./api";

export interface Unsent {
  key: string;
  kind: "reply" | "note";
  text: string;
  /** What went wrong; nothing while it is on its way. */
  error?: unknown;
}

export interface Sending {
  unsent: readonly Unsent[];
  send: (kind: Unsent["kind"], text: string) => void;
  again: (one: Unsent) => void;
  discard: (one: Unsent) => void;
}

export function useSending(id: string): Sending {
  const cache = useQueryClient();
  const [unsent, setUnsent] = useState<readonly Unsent[]>([]);
  const put = (one: Unsent) => setUnsent((all) => [...all.filter(({ key }) => key !== one.key), one]);
  const drop = (key: string) => setUnsent((all) => all.filter((one) => one.key !== key));

  const go = async ({ error: _, ...one }: Unsent) => {
    put(one);
    try {
      await (one.kind === "reply" ? reply(id, one.text) : note(id, one.text));
      // What is sent stands in the thread before its shadow goes, so nothing jumps.
      await cache.invalidateQueries({
        predicate: ({ queryKey }) => queryKey[0] === "inbox" || queryKey[0] === "conversations",
      });
      drop(one.key);
    } catch (error) {
      put({ ...one, error });
      void cache.invalidateQueries({ queryKey: ["conversations", id] });
    }
  };
  return {
    unsent,
    send: (kind, text) => void go({ key: crypto.randomUUID(), kind, text }),
    again: (one) => void go(one),
    discard: (one) => drop(one.key),
  };
}
