/** The rule of a new password, and why one is not taken. */
import { ApiProblem } from "../../api/problem";
import { useWords } from "./words";

/** Fewest characters of a new password; the program refuses shorter ones. */
const SHORTEST = 10;

/** Characters that a new password wants still; 0 when it is long enough. */
export function missingIn(password: string): number {
  return Math.max(0, SHORTEST - [...password].length);
}

/** True when the program refused the new password itself: it is among the first that are guessed. */
export function isGuessed(error: unknown): boolean {
  return error instanceof ApiProblem && error.field === "password";
}

/** Why a new password is not taken, if it is not. @param error the answer to it */
export function usePasswordFault(): (password: string, error: unknown) => string | undefined {
  const say = useWords();
  return (password, error) => {
    const count = missingIn(password);
    if (count > 0) return say("short", { count });
    return isGuessed(error) ? say("guessed") : undefined;
  };
}
