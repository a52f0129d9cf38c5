/** The door of a one-time link. boot.js knocks before the pages are there; here its answer is taken. */
import { api, take } from "./client";
import { ApiProblem } from "./problem";

declare global {
  /** What boot.js began; its answer until that is taken. */
  var chataiEntering: { token: string; answer?: Promise<Response> } | undefined;
}

/** The token that the page was opened with; empty without one. */
export function entryToken(): string {
  return globalThis.chataiEntering?.token ?? "";
}

/** Opens the door with the token. The first answer is that to boot.js, as a token opens only once. */
export function enter(token: string) {
  const begun = globalThis.chataiEntering;
  const answer = begun?.answer;
  if (!begun || !answer) return take(api.POST("/api/enter", { body: { token } }));
  begun.answer = undefined;
  const came = answer.catch(() => {
    throw new ApiProblem("unreachable", 0);
  });
  return take(api.POST("/api/enter", { body: { token }, fetch: () => came }));
}
