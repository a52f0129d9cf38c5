// Hours as they are edited: days, intervals, what is wrong with them. Pure.

import type { Holiday, Hours, Interval, Week } from "./wire";

export const days = [
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
  "sunday",
] as const satisfies readonly (keyof Week)[];
export type Day = (typeof days)[number];

/** Most intervals of a day, and most holidays: the program takes no more. */
export const MOST_INTERVALS = 8;
export const MOST_HOLIDAYS = 200;

const workday = (): Interval[] => [{ from: "09:00", to: "18:00" }];

/** Hours to begin with: workdays from nine to six. */
export function usualHours(zone: string): Hours {
  return {
    zone,
    week: {
      monday: workday(),
      tuesday: workday(),
      wednesday: workday(),
      thursday: workday(),
      friday: workday(),
      saturday: [],
      sunday: [],
    },
    holidays: [],
    outside: "answer_and_say_when",
  };
}

/** The interval to add to a day: after its last one, else from nine to six. */
export function nextInterval(intervals: readonly Interval[]): Interval {
  const last = intervals.at(-1);
  if (!last) return { from: "09:00", to: "18:00" };
  const end = minutes(last.to);
  if (end <= minutes(last.from) || end >= 22 * 60) return { from: "20:00", to: "22:00" };
  return { from: clock(end + 60), to: clock(Math.min(end + 180, 24 * 60)) };
}

/** The end of an interval as a field for times takes it: midnight is 00:00 there. */
export function shownEnd(to: string): string {
  return to === "24:00" ? "00:00" : to;
}

/** The end of an interval as the program takes it. */
export function keptEnd(to: string): string {
  return to === "00:00" ? "24:00" : to;
}

export type Fault = "empty" | "nothing" | "overlap";

/** What is wrong with the intervals of a day, where its neighbours do not matter. */
export function faultOf(intervals: readonly Interval[]): Fault | undefined {
  if (intervals.some(({ from, to }) => !isTime(from) || !isTime(to))) return "empty";
  if (intervals.some(({ from, to }) => from === to)) return "nothing";
  const spans = intervals
    .map(({ from, to }) => {
      const begin = minutes(from);
      const end = minutes(to);
      return { begin, end: end > begin ? end : end + 24 * 60 };
    })
    .sort((a, b) => a.begin - b.begin);
  const overlaps = spans.some((span, index) => {
    const next = spans[index + 1];
    return next !== undefined && next.begin < span.end;
  });
  return overlaps ? "overlap" : undefined;
}

/** The first thing that is wrong with a holiday. */
export function holidayFault({ first, last, intervals }: Holiday): Fault | "day" | "backwards" | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(first)) return "day";
  if (last && last < first) return "backwards";
  return faultOf(intervals);
}

export function areRight({ week, holidays, zone }: Hours): boolean {
  return (
    zone.trim() !== "" &&
    days.every((day) => faultOf(week[day]) === undefined) &&
    holidays.every((holiday) => holidayFault(holiday) === undefined)
  );
}

/** One day's intervals on other days too. */
export function copied(week: Week, from: Day, to: readonly Day[]): Week {
  const next = { ...week };
  for (const day of to) next[day] = week[from].map((interval) => ({ ...interval }));
  return next;
}

function isTime(text: string): boolean {
  return /^\d{1,2}:\d{2}$/.test(text);
}

function minutes(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return hours * 60 + minutes;
}

function clock(minutes: number): string {
  const two = (number: number) => String(number).padStart(2, "0");
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
