// Sums over days, and the file that a table program opens. Pure.

import type { components } from "../../api/schema";

export type Day = components["schemas"]["DayFigures"];

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

/** Rows as CSV (RFC 4180); a cell that a table program would take for a formula is quoted as text. */
export function csv(rows: readonly (readonly (string | number)[])[]): string {
  const cell = (value: string | number) => {
    const text = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}
