// Whether a question has an answer already.

import { api, take } from "../../api/client";
import type { Qa } from "../../api/types";

/** Q&A that are looked through for one question. */
const MOST = 200;

/** True when both ask in the same words: case, spaces and the punctuation at the end do not count. */
export function isSameQuestion(a: string, b: string): boolean {
  return plain(a) === plain(b);
}

/** The Q&A that has one of these questions; null when none has. */
export const answeredQuery = (questions: readonly string[]) => ({
  queryKey: ["qa", "answered", ...questions],
  queryFn: async ({ signal }: { signal: AbortSignal }): Promise<Qa | null> => {
    for (const question of questions) {
      const query = { q: plain(question), limit: MOST };
      const { items } = await take(api.GET("/api/qa", { params: { query }, signal }));
      const same = items.find((qa) => qa.questions.some((other) => isSameQuestion(other, question)));
      if (same) return same;
    }
    return null;
  },
  enabled: questions.length > 0,
});

function plain(question: string): string {
  return question
    .toLowerCase()
    .replace(/\s+/g, " ")
    .replace(/[\s\p{P}]+$/u, "")
    .trim();
}
