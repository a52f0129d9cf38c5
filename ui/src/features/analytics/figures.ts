// Sums over days, and the file that a table program opens. Pure.

import type { components } from "../../api/schema";

export type Activity = components["schemas"]["Activity"];
export type Day = components["schemas"]["DayFigures"];
export type AssistantDay = components["schemas"]["AssistantDay"];

export type Count = "conversations" | "asked" | "answered" | "handed_over" | "refused" | "by_people";

export function sum(days: readonly Day[], count: Count): number {
  return days.reduce((sum, day) => sum + day[count], 0);
}

/** The middle one of the days' waits, in milliseconds; null when nobody waited. */
export function middleWait(days: readonly Day[]): number | null {
  const waits = days.flatMap(({ median_wait_ms }) => median_wait_ms ?? []).sort((a, b) => a - b);
  return waits[Math.floor((waits.length - 1) / 2)] ?? null;
}

/** 0..1: how many of the assistant's replies were answers; null when there was none. */
export function answeredShare(days: readonly Day[]): number | null {
  const answered = sum(days, "answered");
  const all = answered + sum(days, "handed_over") + sum(days, "refused");
  return all === 0 ? null : answered / all;
}

/** What each assistant cost by day, in millionths, those that cost most first. */
export function costsOf(
  rows: readonly AssistantDay[],
): { id: string | null; micros: Map<string, number>; total: number }[] {
  const costs = new Map<string | null, { id: string | null; micros: Map<string, number>; total: number }>();
  for (const { assistant_id: id, date, cost_micros } of rows) {
    const one = costs.get(id) ?? { id, micros: new Map<string, number>(), total: 0 };
    one.micros.set(date, (one.micros.get(date) ?? 0) + cost_micros);
    one.total += cost_micros;
    costs.set(id, one);
  }
  return [...costs.values()].sort((a, b) => b.total - a.total);
}

/** Rows as CSV (RFC 4180); a cell that a table program would take for a formula is quoted as text. */
export function csv(rows: readonly (readonly (string | number)[])[]): string {
  const cell = (value: string | number) => {
    const text = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}
