/**
 * Removing a member or an invitation with undo: it disappears at once and is removed when the toast goes, or when the
 * page is left. Undo only brings it back to sight; nothing has been removed until then.
 */
import { useSyncExternalStore } from "react";
import { cache } from "../../../api/cache";
import { ApiProblem, problemOf } from "../../../api/problem";
import { toast } from "../../../design/Toast";
import { sayPeople } from "./words";

export type Kind = "members" | "invitations";

let hidden: ReadonlySet<string> = new Set();
const waiting = new Map<string, Kind>();
const listeners = new Set<() => void>();
/** Outlives the page. */
const request: RequestInit = { method: "DELETE", headers: { "x-chatai": "1" }, keepalive: true };

/** Ids that are removed or about to be. */
export function useLeaving(): ReadonlySet<string> {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => hidden,
  );
}

/** `onFailed` hears of what the program refused. */
export function leave(kind: Kind, id: string, text: string, onFailed: (error: ApiProblem) => void): void {
  waiting.set(id, kind);
  change(new Set([...hidden, id]));
  toast({
    text,
    action: { label: sayPeople("undo"), run: () => bringBack(id) },
    onGone: () => void commit(id, onFailed),
  });
}

function bringBack(id: string): void {
  waiting.delete(id);
  change(new Set([...hidden].filter((other) => other !== id)));
}

async function commit(id: string, onFailed: (error: ApiProblem) => void): Promise<void> {
  const kind = waiting.get(id);
  if (!kind) return;
  waiting.delete(id);
  const refused = await fetch(`/api/${kind}/${id}`, request).then(
    async (response) => {
      if (response.ok || response.status === 404) return undefined;
      return problemOf(await response.json().catch(() => undefined), response.status);
    },
    () => new ApiProblem("unreachable", 0),
  );
  if (refused) {
    // What could not be removed comes back to sight.
    bringBack(id);
    onFailed(refused);
  }
  void cache.invalidateQueries({ queryKey: ["team"] });
}

addEventListener("pagehide", () => {
  for (const [id, kind] of waiting) void fetch(`/api/${kind}/${id}`, request);
  waiting.clear();
});

function change(to: ReadonlySet<string>): void {
  hidden = to;
  for (const listener of listeners) listener();
}
