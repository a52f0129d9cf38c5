/** The lines of a text that hold something, at most so many and each at most so long. */
export function linesOf(text: string, most: number, longest: number): string[] {
  const lines = text.split("\n").map((line) => [...line.trim()].slice(0, longest).join("").trim());
  return [...new Set(lines.filter(Boolean))].slice(0, most);
}
