// What needs somebody, and which first steps remain. Pure.

import type { Bot, Home, Role } from "./wire";

/** A backup is old from a week on, in milliseconds. */
const OLD = 7 * 86_400_000;

export type Need =
  | { kind: "waiting"; count: number; since: string | null; href: string }
  | { kind: "bot"; name: string; href: string }
  | { kind: "failed" | "unanswered" | "rated"; count: number; href: string }
  | { kind: "backup"; at: string | null; href: string }
  | { kind: "update"; version: string; href: string };

/** What needs somebody of this role, the most pressing first; `newer` is a version that its owner could install. */
export function needsOf(home: Home, role: Role | undefined, now: number, newer?: string): Need[] {
  const { needs } = home;
  const list: Need[] = [];
  if (needs.waiting > 0)
    list.push({ kind: "waiting", count: needs.waiting, since: needs.waiting_since, href: "/inbox" });
  for (const bot of home.bots.filter(isInTrouble))
    list.push({ kind: "bot", name: bot.account.name, href: `/channels/${bot.id}` });
  if (needs.failed_documents > 0)
    list.push({ kind: "failed", count: needs.failed_documents, href: "/knowledge" });
  if (needs.unanswered > 0) list.push({ kind: "unanswered", count: needs.unanswered, href: "/improve" });
  if (needs.low_rated > 0) list.push({ kind: "rated", count: needs.low_rated, href: "/improve/rated" });
  const at = home.last_backup_at;
  const isOld = at === null || now - new Date(at).getTime() > OLD;
  // Before there is anything to lose, nobody is told to save it.
  if (role === "owner" && isOld && (home.done.knowledge || home.done.bot))
    list.push({ kind: "backup", at, href: "/settings" });
  if (newer !== undefined) list.push({ kind: "update", version: newer, href: "/settings/updates" });
  return list;
}

function isInTrouble({ is_on, state }: Bot): boolean {
  return is_on && state.is === "troubled" && state.trouble !== "limited";
}

const steps = ["knowledge", "assistant", "bot", "recovery"] as const;
export type Step = (typeof steps)[number];

/** Who may take each step, and where. */
const of: Record<Step, { href: string; roles: readonly Role[] }> = {
  knowledge: { href: "/knowledge", roles: ["owner", "admin"] },
  assistant: { href: "/assistants", roles: ["owner", "admin"] },
  bot: { href: "/channels", roles: ["owner", "admin"] },
  recovery: { href: "/settings", roles: ["owner"] },
};

/** The first steps that a member of this role can take, those done too; none once all of them are done. */
export function stepsOf(home: Home, role: Role | undefined): { step: Step; isDone: boolean; href: string }[] {
  const all = steps
    .filter((step) => role !== undefined && of[step].roles.includes(role))
    .map((step) => ({ step, isDone: home.done[step], href: of[step].href }));
  return all.every(({ isDone }) => isDone) ? [] : all;
}

/** When the day of a moment began, with the offset of that place, as RFC 3339 in UTC. */
export function midnight(now: Date): string {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate()).toISOString();
}
