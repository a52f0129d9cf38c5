/** Changes that stand together: rows of one table, lines under one heading. */
import type { TextChange } from "../../api/types";

export interface Group {
  place: string | null;
  page: number | null;
  /** The names of the columns; nothing for lines. */
  columns: readonly string[] | null;
  changes: TextChange[];
}

export function grouped(changes: readonly TextChange[]): Group[] {
  const groups: Group[] = [];
  for (const change of changes) {
    const last = groups.at(-1);
    const columns = change.cells.length > 0 ? change.cells.map(({ column }) => column) : null;
    const isTogether =
      last !== undefined &&
      last.place === change.place &&
      last.page === change.page &&
      areAlike(last.columns, columns);
    if (!isTogether) {
      groups.push({ place: change.place, page: change.page, columns, changes: [change] });
      continue;
    }
    last.changes.push(change);
    // A column that is new or gone stands in some rows only.
    if (columns && last.columns && columns.length > last.columns.length) last.columns = columns;
  }
  return groups;
}

/** Rows go into one table when one has all the columns of the other. */
function areAlike(a: readonly string[] | null, b: readonly string[] | null): boolean {
  if (a === null || b === null) return a === b;
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  return short.every((column) => long.includes(column));
}
