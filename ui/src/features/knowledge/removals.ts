/**
 * Removing with undo: what is removed disappears at once and is deleted when the toast goes, or when the page
 * is left. Undo only brings it back to sight; nothing has been deleted until then.
 */
import { useSyncExternalStore } from "react";
import { cache } from "../../api/cache";
import { toast } from "../../design/Toast";
import { sayKnowledge } from "./words";

export type Kind = "documents" | "qa" | "sources";

let hidden: ReadonlySet<string> = new Set();
const waiting = new Map<string, Kind>();
const listeners = new Set<() => void>();

/** Ids that are removed or about to be. */
export function useRemoved(): ReadonlySet<string> {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => hidden,
  );
}

export function remove(kind: Kind, ids: readonly string[], text: string): void {
  for (const id of ids) waiting.set(id, kind);
  change(new Set([...hidden, ...ids]));
  toast({
    text,
    action: { label: sayKnowledge("removed.undo"), run: () => bringBack(ids) },
    onGone: () => void commit(ids),
  });
}

function bringBack(ids: readonly string[]): void {
  for (const id of ids) waiting.delete(id);
  change(new Set([...hidden].filter((id) => !ids.includes(id))));
}

async function commit(ids: readonly string[]): Promise<void> {
  const due = ids.filter((id) => waiting.has(id));
  const failed: string[] = [];
  for (const id of due) {
    const kind = waiting.get(id) ?? "documents";
    waiting.delete(id);
    const isGone = await fetch(`/api/${kind}/${id}`, request).then(
      (response) => response.ok || response.status === 404,
      () => false,
    );
    if (!isGone) failed.push(id);
  }
  // What could not be removed comes back to sight.
  if (failed.length > 0) bringBack(failed);
  for (const key of ["documents", "qa", "sources", "followed", "status"])
    void cache.invalidateQueries({ queryKey: [key] });
}

/** Outlives the page. */
const request: RequestInit = { method: "DELETE", headers: { "x-chatai": "1" }, keepalive: true };

addEventListener("pagehide", () => {
  for (const [id, kind] of waiting) void fetch(`/api/${kind}/${id}`, request);
  waiting.clear();
});

function change(to: ReadonlySet<string>): void {
  hidden = to;
  for (const listener of listeners) listener();
}
