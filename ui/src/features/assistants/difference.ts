// In what one version of an assistant differs from another, in words. Pure.

import type { Format } from "../../i18n/format";
import { days, shownEnd } from "./hours";
import type { HandoffRules, Hours, Interval, Part, Refusal, Settings } from "./wire";
import type { AssistantsSay } from "./words";

interface Side {
  name: string;
  settings: Settings;
}

export interface Difference {
  part: Part;
  before: string;
  after: string;
}

const parts = [
  "name",
  "greeting",
  "suggestions",
  "instructions",
  "forbidden",
  "refusals",
  "threshold",
  "handoff",
  "hours",
  "knowledge",
  "engine",
] as const satisfies readonly Part[];

export function differences(before: Side, after: Side, say: AssistantsSay, format: Format): Difference[] {
  const raw = ({ name, settings }: Side, part: Part) =>
    part === "name" ? name : JSON.stringify(settings[part]);
  return parts
    .filter((part) => raw(before, part) !== raw(after, part))
    .map((part) => ({
      part,
      before: told(before, part, say, format),
      after: told(after, part, say, format),
    }));
}

function told({ name, settings }: Side, part: Part, say: AssistantsSay, format: Format): string {
  switch (part) {
    case "name":
      return name;
    case "greeting":
    case "instructions":
      return settings[part];
    case "suggestions":
      return settings.suggestions.join("\n");
    case "forbidden":
      return [...settings.forbidden.words, ...texts(settings.forbidden.texts)].join("\n");
    case "refusals":
      return texts(settings.refusals).join("\n");
    case "threshold":
      return format.percent(settings.threshold);
    case "handoff":
      return handoff(settings.handoff, say).join("\n");
    case "hours":
      return settings.hours ? hours(settings.hours, say).join("\n") : say("hours.always");
    case "knowledge": {
      const { sources, labels } = settings.knowledge;
      if (sources.length + labels.length === 0) return say("used.all");
      const counted = sources.length > 0 ? [say("used.count", { count: sources.length })] : [];
      return [...counted, ...labels].join("\n");
    }
    case "engine":
      return say(`writer.${settings.engine}`);
  }
}

function texts(list: readonly Refusal[]): string[] {
  return list.map(({ language, text }) => `${language}: ${text}`);
}

function handoff(rules: HandoffRules, say: AssistantsSay): string[] {
  const lines = [
    rules.on_low_confidence && say("handoff.unsure"),
    rules.on_low_rating && say("handoff.rating"),
    `${say("handoff.refusals")}: ${rules.after_refusals}`,
    rules.words.length > 0 && `${say("handoff.words")}: ${rules.words.join(", ")}`,
    say(`meanwhile.${rules.meanwhile}`),
    `${say("meanwhile.idle")}: ${rules.idle_minutes}`,
    rules.show_name && say("handoff.name"),
    ...rules.texts.map((text) => `${say(`moment.${text.moment}`)}, ${text.language}: ${text.text}`),
  ];
  return lines.filter((line) => line !== false);
}

function hours({ zone, week, holidays, outside }: Hours, say: AssistantsSay): string[] {
  const times = (intervals: readonly Interval[]) =>
    intervals.length === 0
      ? say("day.closed")
      : intervals.map(({ from, to }) => `${from}–${shownEnd(to)}`).join(", ");
  return [
    zone,
    ...days.map((day) => `${say(`day.${day}`)}: ${times(week[day])}`),
    ...holidays.map(({ first, last, name, intervals }) =>
      [[first, last].filter(Boolean).join(" – "), name, times(intervals)].filter(Boolean).join(", "),
    ),
    say(`outside.${outside}`),
  ];
}
