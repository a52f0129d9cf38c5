// Each finding of the doctor in words: what was looked at, what was found, what to do and where.

import type { components } from "../../../api/schema";
import type { Format } from "../../../i18n/format";
import type { useWords } from "./words";

export type Finding = components["schemas"]["Finding"];
type Of<Found extends Finding["found"]> = Extract<Finding, { found: Found }>;
type Say = ReturnType<typeof useWords>;

export interface Told {
  title: string;
  told: string;
  /** What to do about it. */
  fix?: string;
  /** Where it is done. */
  go?: { href: string; label: string };
}

const order = { bad: 0, note: 1, good: 2 } as const;

/** What needs somebody first, then what could be better. */
export function sorted(items: readonly Finding[]): Finding[] {
  return items.toSorted((a, b) => order[a.standing] - order[b.standing]);
}

export function toldOf(finding: Finding, say: Say, format: Format): Told {
  switch (finding.found) {
    case "data_folder":
      return {
        title: say("folder.title"),
        told: say(`folder.${finding.why}`, { path: finding.path }),
        fix: finding.open ? say("folder.openDo") : undefined,
      };
    case "far_away":
      return { title: say("far.title"), told: say("far.told", { kind: finding.kind }), fix: say("far.do") };
    case "key":
      return { title: say("key.title"), ...keyOf(finding, say) };
    case "secrets":
      return { title: say("secrets.title"), ...secretsOf(finding, say, format) };
    case "audit_log":
      return { title: say("audit.title"), ...auditOf(finding, say) };
    case "jobs":
      return { title: say("jobs.title"), ...jobsOf(finding, say) };
    case "documents":
      return { title: say("documents.title"), ...documentsOf(finding, say) };
    case "words":
      return { title: say("passages.title"), ...wordsOf(finding, say) };
    case "meaning":
      return { title: say("meaning.title"), ...meaningOf(finding, say) };
    case "database":
      return { title: say("database.title"), ...databaseOf(finding, say) };
    case "index_files":
      return { title: say("index.title"), ...indexOf(finding, say) };
    case "backup":
      return { title: say("backup.title"), ...backupOf(finding, say, format) };
    case "bot":
      return {
        title: say("bot.title", { name: finding.username }),
        told: finding.told.join(" "),
        go: { href: `/channels/${finding.id}`, label: say("bot.go") },
      };
    case "bots":
      return {
        title: say("bots.title"),
        told: say(finding.standing === "good" ? "bots.good" : "bots.bad", { count: finding.count }),
        go: finding.standing === "good" ? undefined : { href: "/channels", label: say("bots.go") },
      };
  }
}

type Rest = Omit<Told, "title">;

function keyOf({ place, path, why }: Of<"key">, say: Say): Rest {
  if (place === "keychain") return { told: say("key.keychain") };
  if (place === "data") return { told: say("key.data"), fix: say("key.dataDo") };
  if (why !== null) return { told: say("key.instead", { path: path ?? "", why }) };
  return { told: say("key.file", { path: path ?? "" }) };
}

function secretsOf({ closed, has_code }: Of<"secrets">, say: Say, format: Format): Rest {
  if (closed.length > 0)
    return {
      told: say("secrets.closed", { names: format.list(closed) }),
      fix: say("secrets.closedDo"),
      go: { href: "/settings", label: say("secrets.closedGo") },
    };
  if (has_code) return { told: say("secrets.open") };
  return { told: say("secrets.noCode"), go: { href: "/settings", label: say("secrets.noCodeGo") } };
}

function auditOf({ entries, broken_at, unproved }: Of<"audit_log">, say: Say): Rest {
  const go = { href: "/settings/security", label: say("audit.go") };
  if (broken_at !== null) return { told: say("audit.broken", { number: broken_at }), go };
  if (unproved > 0) return { told: say("audit.unproved", { count: unproved }), go };
  return { told: entries === 0 ? say("audit.empty") : say("audit.whole", { count: entries }) };
}

function jobsOf({ open, dead }: Of<"jobs">, say: Say): Rest {
  const waits = open === 0 ? say("jobs.none") : say("jobs.open", { count: open });
  if (dead === 0) return { told: waits };
  return { told: say("jobs.dead", { count: dead }), fix: say("jobs.deadDo") };
}

function documentsOf({ ready, waiting, failed }: Of<"documents">, say: Say): Rest {
  const parts = [
    ready > 0 && say("documents.ready", { count: ready }),
    waiting > 0 && say("documents.waiting", { count: waiting }),
    failed > 0 && say("documents.failed", { count: failed }),
  ];
  const told = parts.filter((part) => part !== false).join(" ") || say("documents.none");
  if (failed === 0) return { told };
  return {
    told,
    fix: say("documents.failedDo"),
    go: { href: "/knowledge?state=failed", label: say("documents.go") },
  };
}

function wordsOf({ indexed, passages }: Of<"words">, say: Say): Rest {
  if (indexed !== passages)
    return { told: say("passages.behind", { indexed, count: passages }), fix: say("passages.behindDo") };
  return { told: passages === 0 ? say("passages.none") : say("passages.all", { count: passages }) };
}

function meaningOf({ model, vectors, passages }: Of<"meaning">, say: Say): Rest {
  if (model !== null) return { told: say("meaning.on", { model, vectors, count: passages }) };
  return { told: say("meaning.off"), go: { href: "/settings", label: say("meaning.go") } };
}

function databaseOf({ problems }: Of<"database">, say: Say): Rest {
  if (problems.length === 0) return { told: say("database.whole") };
  return {
    told: say("database.damaged", { problems: problems.join("; ") }),
    fix: say("database.do"),
    go: { href: "/settings", label: say("database.go") },
  };
}

function indexOf({ damage, rebuilt }: Of<"index_files">, say: Say): Rest {
  if (damage === null) return { told: say("index.whole") };
  return { told: say("index.damaged", { damage }), fix: say(rebuilt ? "index.rebuilt" : "index.do") };
}

function backupOf({ made_at }: Of<"backup">, say: Say, format: Format): Rest {
  if (made_at !== null) return { told: say("backup.made", { when: format.ago(made_at) }) };
  return { told: say("backup.none"), go: { href: "/settings", label: say("backup.go") } };
}
