/** An entry of the log in a sentence. */
import type { components } from "../../../api/schema";
import type { Format } from "../../../i18n/format";
import { sentence } from "../people/sentence";
import type { useWords as usePeopleWords } from "../people/words";
import type { SecuritySay } from "./words";

export type AuditEntry = components["schemas"]["AuditEntry"];

export function deedOf(
  entry: AuditEntry,
  say: SecuritySay,
  sayPeople: ReturnType<typeof usePeopleWords>,
  format: Format,
): string {
  const by = entry.by ?? say("by.nobody");
  const { deed, about } = entry;
  switch (deed) {
    case "people":
      return entry.people ? sentence(entry.people, sayPeople) : "";
    case "settings_changed":
      return say("deed.settings_changed", { by, part: entry.part ? say(`part.${entry.part}`) : "" });
    case "backup_restored":
      return say("deed.backup_restored", { made: entry.made_at ? format.moment(entry.made_at) : "" });
    case "sign_in_refused": {
      const tried = { count: entry.tries ?? 1, address: entry.address ?? "" };
      if (about === "") return say("deed.sign_in_refused_nobody", tried);
      return say("deed.sign_in_refused", {
        ...tried,
        about,
        wrong: say(`wrong.${entry.wrong ?? "password"}`),
      });
    }
    case "signed_in":
    case "backup_made":
    case "recovery_code_made":
      return say(`deed.${deed}`, { by });
    default:
      return say(`deed.${deed}`, { by, about });
  }
}
