import { expect, test } from "vitest";
import { formatIn } from "../../../i18n/format";
import { sayPeople } from "../people/words";
import { type AuditEntry, deedOf } from "./deed";
import { saySecurity } from "./words";

const entry = (of: Partial<AuditEntry>): AuditEntry => ({
  number: 1,
  by: "Anna",
  deed: "signed_in",
  about: "",
  part: null,
  people: null,
  made_at: null,
  wrong: null,
  address: null,
  tries: null,
  at: "2026-11-26T10:00:00Z",
  ...of,
});

test("every entry says who did what to what", () => {
  const told = (of: Partial<AuditEntry>) => deedOf(entry(of), saySecurity, sayPeople, formatIn("en"));
  expect(told({})).toBe("Anna signed in");
  expect(told({ deed: "bot_added", about: "tea_bot" })).toBe("Anna added the bot tea_bot");
  expect(told({ deed: "settings_changed", part: "engine" })).toBe(
    "Anna changed the settings: engine on a server",
  );
  expect(told({ deed: "backup_made", by: null })).toBe("Somebody at this computer made a backup");
  const refused = { deed: "sign_in_refused", by: null, wrong: "password", address: "203.0.113.7" } as const;
  expect(told({ ...refused, about: "Anna", tries: 1 })).toBe(
    "A sign-in as Anna was refused, from 203.0.113.7: wrong password",
  );
  expect(told({ ...refused, about: "Anna", tries: 12, wrong: "code" })).toBe(
    "12 sign-ins as Anna were refused, the last from 203.0.113.7: right password, wrong code of the second step",
  );
  expect(told({ ...refused, tries: 3 })).toContain("nobody has");
  const people = { by: "Anna", about: "Boris", own: false, what: "removed", role: null, at: "" } as const;
  expect(told({ deed: "people", people })).toContain("Boris");
});
