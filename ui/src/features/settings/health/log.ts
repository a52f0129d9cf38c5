// Lines of the log: what is kept of them, which are shown, and the text that is copied or saved. Pure.

import type { components } from "../../../api/schema";

export type Log = components["schemas"]["Log"];
export type Line = components["schemas"]["LogLine"];
export type Level = components["schemas"]["LogLevel"];

/** From the least to the most that matters. */
export const levels = ["debug", "info", "warn", "error"] as const satisfies readonly Level[];

/** As many as the program keeps. */
const MOST = 2_000;

/** What is known with what was said since; a program that was started anew has said everything anew. */
export function merged(known: Log | undefined, news: Log): Log {
  if (!known || news.last < known.last) return news;
  return { ...news, lines: [...known.lines, ...news.lines].slice(-MOST) };
}

/** The lines in which every word stands, newest first. */
export function fitting(lines: readonly Line[], words: string): Line[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = ({ from, text }: Line) => {
    const said = `${from} ${text}`.toLowerCase();
    return wanted.every((word) => said.includes(word));
  };
  return lines.filter(fits).reverse();
}

/** As a text file has it, oldest first. */
export function asText(lines: readonly Line[]): string {
  return lines
    .toReversed()
    .map(({ at, level, from, text }) => `${at} ${level.toUpperCase()} ${from}: ${text}\n`)
    .join("");
}
