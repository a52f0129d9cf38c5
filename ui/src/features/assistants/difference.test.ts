import { expect, test } from "vitest";
import { formatIn } from "../../i18n/format";
import { differences } from "./difference";
import { en } from "./en";
import { usualHours } from "./hours";
import type { Settings } from "./wire";
import type { AssistantsSay } from "./words";

const settings: Settings = {
  instructions: "Be brief.",
  greeting: "",
  refusals: [{ language: "en", text: "I do not know." }],
  threshold: 0.5,
  engine: "quotes",
  suggestions: [],
  knowledge: { sources: [], labels: [] },
  hours: null,
  handoff: {
    on_low_confidence: true,
    after_refusals: 3,
    on_low_rating: true,
    words: [],
    meanwhile: "answering",
    idle_minutes: 30,
    show_name: true,
    texts: [],
  },
  forbidden: { words: [], texts: [] },
};
const say = ((key: keyof typeof en) => String(en[key])) as AssistantsSay;
const between = (after: Partial<Settings>) =>
  differences(
    { name: "A", settings },
    { name: "A", settings: { ...settings, ...after } },
    say,
    formatIn("en"),
  );

test("only what differs is told, in words", () => {
  expect(between({})).toEqual([]);
  expect(between({ threshold: 0.7 })).toEqual([{ part: "threshold", before: "50%", after: "70%" }]);
  const [hours] = between({ hours: usualHours("Europe/Berlin") });
  expect(hours?.before).toBe(en["hours.always"]);
  expect(hours?.after).toContain("Europe/Berlin\nMonday: 09:00–18:00");
  expect(hours?.after).toContain("Sunday: Closed");
});
