/** Numbers, sizes, dates and languages' names as the chosen language writes them. */
import { useMemo } from "react";
import { type Language, localeOf, useLanguage } from "./language";

export interface Format {
  number(value: number): string;
  /** With two digits after the point. */
  score(value: number): string;
  /** 0..1 as whole percent. */
  percent(value: number): string;
  /** Millionths of a currency's unit; what is less than one of it with as many digits as it takes to see it. */
  money(micros: number, currency: string): string;
  /** Bytes in the largest fitting unit. */
  size(bytes: number): string;
  /** Milliseconds, as seconds from one second on. */
  duration(milliseconds: number): string;
  /** Milliseconds that somebody waited, in the largest unit that fits: seconds, minutes, hours, days. */
  wait(milliseconds: number): string;
  /** Day and time; the year only when it is another one. */
  moment(time: string): string;
  /** Day and time to the second. */
  exact(time: string): string;
  /** The day with its month in full; the year only when it is another one. */
  day(time: string): string;
  /** As `day`, and in words what is yesterday or today. */
  dayInWords(time: string): string;
  /** A day without a time, `2026-11-22`: the day and the month. */
  date(day: string): string;
  /** The shortest that still tells when: the time today, the weekday within a week, else the day. */
  near(time: string): string;
  clock(time: string): string;
  /** "3 minutes ago", "19 days ago"; from a month on, the day. */
  ago(time: string): string;
  /** A language's own name for a reader ("Russian"), from its ISO 639-1 code; empty when not known. */
  language(code: string | null | undefined): string;
  list(items: readonly string[]): string;
}

const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;
const steps = [
  ["minute", 60],
  ["hour", 3600],
  ["day", 86_400],
] as const;

const waits = [["second", 1], ...steps] as const;

const made = new Map<Language, Format>();

export function useFormat(): Format {
  const language = useLanguage();
  return useMemo(() => formatIn(language), [language]);
}

export function formatIn(language: Language): Format {
  const known = made.get(language);
  if (known) return known;
  const fresh = make(language);
  made.set(language, fresh);
  return fresh;
}

/** Days after which it is easier to read a date than to count back. */
const FAR = 31;

function make(language: Language): Format {
  const tongue = localeOf(language);
  const number = new Intl.NumberFormat(tongue);
  const score = new Intl.NumberFormat(tongue, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const percent = new Intl.NumberFormat(tongue, { style: "percent", maximumFractionDigits: 0 });
  const relative = new Intl.RelativeTimeFormat(tongue, { numeric: "auto" });
  const names = new Intl.DisplayNames([tongue], { type: "language" });
  const day = new Intl.DateTimeFormat(tongue, { day: "numeric", month: "long" });
  const dayOfYear = new Intl.DateTimeFormat(tongue, { day: "numeric", month: "long", year: "numeric" });
  const clock = new Intl.DateTimeFormat(tongue, { hour: "numeric", minute: "2-digit" });
  const daytime = new Intl.DateTimeFormat(tongue, {
    day: "numeric",
    month: "short",
    hour: "numeric",
    minute: "2-digit",
  });
  const seconds = new Intl.DateTimeFormat(tongue, {
    day: "numeric",
    month: "short",
    hour: "numeric",
    minute: "2-digit",
    second: "2-digit",
  });
  const weekday = new Intl.DateTimeFormat(tongue, { weekday: "short" });
  const short = new Intl.DateTimeFormat(tongue, { day: "numeric", month: "short" });
  // A day without a time is the same day everywhere.
  const date = new Intl.DateTimeFormat(tongue, { day: "numeric", month: "short", timeZone: "UTC" });
  const numeric = new Intl.DateTimeFormat(tongue, { day: "2-digit", month: "2-digit", year: "2-digit" });
  const list = new Intl.ListFormat(tongue, { type: "conjunction" });
  const dayOf = (date: Date) => (isThisYear(date) ? day : dayOfYear).format(date);
  const format: Format = {
    number: (value) => number.format(value),
    score: (value) => score.format(value),
    percent: (value) => percent.format(value),
    money: (micros, currency) => {
      const value = micros / 1_000_000;
      const isSmall = value > 0 && value < 1;
      return new Intl.NumberFormat(tongue, {
        style: "currency",
        currency,
        ...(isSmall && (value < 0.01 ? { maximumSignificantDigits: 2 } : { maximumFractionDigits: 4 })),
      }).format(value);
    },
    size: (bytes) => {
      const power = Math.min(units.length - 1, bytes > 0 ? Math.floor(Math.log(bytes) / Math.log(1000)) : 0);
      const value = bytes / 1000 ** power;
      return new Intl.NumberFormat(tongue, {
        style: "unit",
        unit: units[power],
        // "181 byte" is what the short form says.
        unitDisplay: power === 0 ? "long" : "short",
        maximumFractionDigits: value < 10 && power > 1 ? 1 : 0,
      }).format(value);
    },
    duration: (milliseconds) =>
      new Intl.NumberFormat(tongue, {
        style: "unit",
        unit: milliseconds < 1000 ? "millisecond" : "second",
        unitDisplay: "short",
        maximumFractionDigits: milliseconds < 1000 ? 0 : 1,
      }).format(milliseconds < 1000 ? milliseconds : milliseconds / 1000),
    wait: (milliseconds) => {
      const [unit, length] = waits.findLast(([, length]) => milliseconds >= length * 1000) ?? waits[0];
      const value = milliseconds / 1000 / length;
      return new Intl.NumberFormat(tongue, {
        style: "unit",
        unit,
        unitDisplay: "short",
        maximumFractionDigits: value < 10 ? 1 : 0,
      }).format(value);
    },
    moment: (time) => {
      const date = new Date(time);
      return isThisYear(date) ? daytime.format(date) : dayOfYear.format(date);
    },
    exact: (time) => seconds.format(new Date(time)),
    day: (time) => dayOf(new Date(time)),
    dayInWords: (time) => {
      const date = new Date(time);
      const days = daysAgo(date);
      return days === 0 || days === 1 ? relative.format(-days, "day") : dayOf(date);
    },
    date: (day) => (day === "" ? "" : date.format(new Date(`${day}T00:00:00Z`))),
    near: (time) => {
      const date = new Date(time);
      const days = daysAgo(date);
      if (days === 0) return clock.format(date);
      if (days > 0 && days < 7) return weekday.format(date);
      return (isThisYear(date) ? short : numeric).format(date);
    },
    clock: (time) => clock.format(new Date(time)),
    ago: (time) => {
      const away = (new Date(time).getTime() - Date.now()) / 1000;
      const past = Math.abs(away);
      if (past < 60) return relative.format(0, "second");
      if (past >= FAR * 86_400) return dayOf(new Date(time));
      const [unit, length] = steps.findLast(([, length]) => past >= length) ?? steps[0];
      return relative.format(Math.round(away / length), unit);
    },
    language: (code) => {
      if (!code || code === "und" || code === "unknown") return "";
      try {
        return names.of(code) ?? "";
      } catch {
        return "";
      }
    },
    list: (items) => list.format(items),
  };
  return format;
}

function isThisYear(date: Date): boolean {
  return date.getFullYear() === new Date().getFullYear();
}

/** Whole days on the reader's calendar; below 0 for what is to come. */
function daysAgo(date: Date): number {
  return Math.round((midnight(new Date()) - midnight(date)) / 86_400_000);
}

function midnight(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}
