// Texts that are longer than the API takes: what is pasted stays whole, and the field says by how much it is too long.

import { useWords } from "./words";

/** Characters above the longest that is taken; zero for a text that fits. */
export function over(text: string, longest: number): number {
  // A string is never shorter in code units than in characters.
  return text.length <= longest ? 0 : Math.max(0, [...text].length - longest);
}

/** Says how many characters are too many; nothing of a text that fits. */
export function useTooLong(): (text: string, longest: number) => string | undefined {
  const say = useWords();
  return (text, longest) => {
    const count = over(text, longest);
    return count > 0 ? say("tooLong", { count }) : undefined;
  };
}
