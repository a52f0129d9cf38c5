// What an answer may look like: paragraphs, lists, bold, code, and marks that lead to its sources. It is
// parsed into this small tree and drawn as text; there are no links, no pictures and no HTML in it, so
// nothing that a document or an engine writes can load or open anything.

export type Span =
  | { kind: "text"; text: string }
  | { kind: "strong"; text: string }
  | { kind: "code"; text: string }
  | { kind: "source"; number: number };

export type Part =
  | { kind: "paragraph"; spans: Span[] }
  | { kind: "list"; ordered: boolean; items: Span[][] }
  | { kind: "code"; text: string };

/** The parts of an answer. Marks whose number is not in `sources` are left out: they prove nothing. */
export function answerParts(text: string, sources: ReadonlySet<number>): Part[] {
  const parts: Part[] = [];
  let code: string[] | undefined;
  for (const line of text.replaceAll("\r\n", "\n").split("\n")) {
    if (line.trimStart().startsWith("```")) {
      if (code) parts.push({ kind: "code", text: code.join("\n") });
      code = code ? undefined : [];
    } else if (code) {
      code.push(line);
    } else {
      addLine(parts, line, sources);
    }
  }
  if (code) parts.push({ kind: "code", text: code.join("\n") });
  return parts.filter((part) => part.kind !== "paragraph" || part.spans.length > 0);
}

function addLine(parts: Part[], line: string, sources: ReadonlySet<number>): void {
  const item = /^\s*(?:[-*•]|(\d{1,3})[.)])\s+(.*)$/.exec(line);
  const last = parts.at(-1);
  if (item) {
    const ordered = item[1] !== undefined;
    const spans = spansOf(item[2] ?? "", sources);
    if (last?.kind === "list" && last.ordered === ordered) last.items.push(spans);
    else parts.push({ kind: "list", ordered, items: [spans] });
    return;
  }
  const heading = /^\s*#{1,6}\s+(.*)$/.exec(line);
  if (heading) {
    parts.push({ kind: "paragraph", spans: [{ kind: "strong", text: heading[1] ?? "" }] });
    parts.push({ kind: "paragraph", spans: [] });
  } else if (line.trim() === "" || last?.kind !== "paragraph") {
    parts.push({ kind: "paragraph", spans: spansOf(line.trim(), sources) });
  } else {
    if (last.spans.length > 0) last.spans.push({ kind: "text", text: "\n" });
    last.spans.push(...spansOf(line.trim(), sources));
  }
}

// Bold that is still being written is bold already.
const INLINE = /(?<!\w)\*\*(?=\S)(.+?)(?:\*\*|$)|`([^`]+)`|\s?\[(\d{1,2})\]/g;

function spansOf(text: string, sources: ReadonlySet<number>): Span[] {
  const spans: Span[] = [];
  let from = 0;
  for (const match of text.matchAll(INLINE)) {
    const [whole, strong, code, number] = match;
    if (match.index > from) spans.push({ kind: "text", text: text.slice(from, match.index) });
    if (strong !== undefined) spans.push({ kind: "strong", text: strong });
    else if (code !== undefined) spans.push({ kind: "code", text: code });
    else if (sources.has(Number(number))) spans.push({ kind: "source", number: Number(number) });
    from = match.index + whole.length;
  }
  if (from < text.length) spans.push({ kind: "text", text: text.slice(from) });
  return spans;
}
