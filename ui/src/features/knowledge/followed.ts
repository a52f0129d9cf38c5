/** What a followed source tells of itself in words. */
import type { Followed, ItemCounts, Rhythm } from "../../api/types";
import type { Format } from "../../i18n/format";
import type { KnowledgeSay } from "./words";

export const rhythms = ["never", "daily", "weekly"] as const satisfies readonly Rhythm[];

/** A site by its address without what every address has, a folder by its path. */
export function followedName({ place }: Followed): string {
  const address = place.address?.replace(/^https?:\/\//, "").replace(/\/$/, "");
  return address ?? place.path ?? "";
}

/** How much of the open look is done, 0..1. */
export function shareDone(counts: ItemCounts): number {
  const { waiting, ...done } = counts;
  const seen = Object.values(done).reduce((sum, count) => sum + count, 0);
  return seen + waiting === 0 ? 0 : seen / (seen + waiting);
}

export function nextLook(followed: Followed, say: KnowledgeSay, format: Format): string {
  if (followed.is_paused) return say("followed.stopped");
  if (followed.place.path !== null) return say("followed.watched");
  if (followed.is_open || followed.next_at === null) return followed.is_open ? "" : say("followed.never");
  return say("followed.next", { when: format.ago(followed.next_at) });
}
