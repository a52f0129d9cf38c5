/** Something that changed about somebody, in a sentence. */
import type { PeopleChange } from "../../../api/types";
import type { useWords } from "./words";

export function sentence(change: PeopleChange, say: ReturnType<typeof useWords>): string {
  const by = change.by ?? say("log.terminal");
  const about = change.about || say("log.someone");
  const role = change.role ? say(`role.${change.role}`) : "";
  const { what } = change;
  switch (what) {
    case "invited":
    case "role_changed":
      return say(`log.${what}`, { by, about, role });
    case "joined":
      return say("log.joined", { about, role });
    case "second_step_on":
    case "spare_codes_made":
    case "spare_code_used":
      return say(`log.${what}`, { about });
    case "password_changed":
    case "second_step_off":
      return change.own ? say(`log.own.${what}`, { about }) : say(`log.${what}`, { by, about });
    default:
      return say(`log.${what}`, { by, about });
  }
}
