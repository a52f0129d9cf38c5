// The longest texts of an assistant that the API takes, in characters.

import { over } from "../../shared/length/length";
import type { Settings } from "./wire";

export const LONGEST = {
  instructions: 8000,
  greeting: 2000,
  refusal: 2000,
  suggestion: 200,
  /** What is said at a moment: of a handoff, or when something is not talked about. */
  text: 1000,
  /** One of the words that something is known by. */
  word: 100,
} as const;

/** True when everything in the settings is short enough to be saved. */
export function isWithin({
  instructions,
  greeting,
  refusals,
  suggestions,
  forbidden,
  handoff,
}: Settings): boolean {
  const texts: readonly (readonly [number, readonly string[]])[] = [
    [LONGEST.instructions, [instructions]],
    [LONGEST.greeting, [greeting]],
    [LONGEST.refusal, refusals.map(({ text }) => text)],
    [LONGEST.suggestion, suggestions],
    [LONGEST.text, [...(forbidden?.texts ?? []), ...(handoff?.texts ?? [])].map(({ text }) => text)],
    [LONGEST.word, [...(forbidden?.words ?? []), ...(handoff?.words ?? [])]],
  ];
  return texts.every(([longest, all]) => all.every((text) => over(text, longest) === 0));
}
