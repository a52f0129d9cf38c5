// Rows of days as a series for each of the busiest and one for the rest. Pure.

export interface Busy {
  /** Whose; empty for all the rest together. */
  key: string;
  values: number[];
  total: number;
}

/** How many have a series of their own. */
const OWN = 3;

/** The busiest first; those that come to nothing are left out. */
export function busiest<Row extends { date: string }>(
  rows: readonly Row[],
  dates: readonly string[],
  keyOf: (row: Row) => string,
  amount: (row: Row) => number,
): Busy[] {
  const all = new Map<string, Busy>();
  for (const row of rows) {
    const day = dates.indexOf(row.date);
    const used = amount(row);
    if (day < 0 || used === 0) continue;
    const key = keyOf(row);
    const one = all.get(key) ?? { key, values: dates.map(() => 0), total: 0 };
    one.values[day] = (one.values[day] ?? 0) + used;
    one.total += used;
    all.set(key, one);
  }
  const sorted = [...all.values()].sort((a, b) => b.total - a.total || (a.key < b.key ? -1 : 1));
  const rest = sorted.slice(OWN);
  // One alone is named rather than called the others.
  if (rest.length <= 1) return sorted;
  return [
    ...sorted.slice(0, OWN),
    {
      key: "",
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
