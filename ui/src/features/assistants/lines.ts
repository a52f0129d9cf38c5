/** The lines of a text that hold something, at most so many. */
export function linesOf(text: string, most: number): string[] {
  const lines = text.split("\n").map((line) => line.trim());
  return [...new Set(lines.filter(Boolean))].slice(0, most);
}
