// What another threshold would have changed. Pure.

import type { PastQuestion } from "./wire";

export interface Effect {
  /** Answered until now, refused from then on. */
  refused: PastQuestion[];
  /** Refused until now, answered from then on if the engine finds the words. */
  answered: PastQuestion[];
  /** Questions that were looked at. */
  of: number;
}

/** Which of the questions that were really asked would fare otherwise. */
export function effectOf(questions: readonly PastQuestion[], saved: number, next: number): Effect {
  const effect: Effect = { refused: [], answered: [], of: questions.length };
  for (const question of questions) {
    if (!question.decided_by_threshold) continue;
    const was = question.confidence >= saved;
    const will = question.confidence >= next;
    if (was && !will) effect.refused.push(question);
    if (!was && will) effect.answered.push(question);
  }
  return effect;
}
