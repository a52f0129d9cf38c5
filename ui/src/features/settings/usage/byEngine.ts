// What engines used up, as a series for each of the busiest and one for the rest. Pure.

import type { components } from "../../../api/schema";

export type EngineDay = components["schemas"]["EngineDay"];

export interface ByEngine {
  /** The engine's name; empty for all the rest together. */
  engine: string;
  values: number[];
  total: number;
}

/** How many engines have a series of their own. */
const OWN = 3;

/** The busiest first; engines that used up nothing are left out. */
export function byEngine(
  rows: readonly EngineDay[],
  dates: readonly string[],
  amount: (row: EngineDay) => number,
): ByEngine[] {
  const engines = new Map<string, ByEngine>();
  for (const row of rows) {
    const day = dates.indexOf(row.date);
    const used = amount(row);
    if (day < 0 || used === 0) continue;
    const one = engines.get(row.engine) ?? { engine: row.engine, values: dates.map(() => 0), total: 0 };
    one.values[day] = (one.values[day] ?? 0) + used;
    one.total += used;
    engines.set(row.engine, one);
  }
  const sorted = [...engines.values()].sort((a, b) => b.total - a.total || (a.engine < b.engine ? -1 : 1));
  const rest = sorted.slice(OWN);
  // One alone is named rather than called the others.
  if (rest.length <= 1) return sorted;
  return [
    ...sorted.slice(0, OWN),
    {
      engine: "",
      values: dates.map((_, day) => rest.reduce((sum, { values }) => sum + (values[day] ?? 0), 0)),
      total: rest.reduce((sum, { total }) => sum + total, 0),
    },
  ];
}

/** The last `count` days in UTC, the oldest first. */
export function daysOfUtc(now: number, count: number): string[] {
  return Array.from({ length: count }, (_, day) =>
    new Date(now - (count - 1 - day) * 86_400_000).toISOString().slice(0, 10),
  );
}
