/** What a document tells of itself in one line. */
import type { Document, ReadReport, Source } from "../../api/types";
import type { Format } from "../../i18n/format";
import type { KnowledgeSay } from "./words";

/** "38 pages, 9,214 words, Russian" */
export function contents(document: Document, say: KnowledgeSay, format: Format): string {
  const parts = document.report ? amounts(document.report, say) : [];
  const language = format.language(document.language);
  return [...parts, language].filter(Boolean).join(", ");
}

/** What was read, in the words of the format: pages, slides, chapters, sheets and rows, files inside. */
export function amounts(report: ReadReport, say: KnowledgeSay): string[] {
  const { format, pages, sheets, rows, files, words } = report;
  const parts: string[] = [];
  if (pages > 0) parts.push(say(pagesOf(format), { count: pages }));
  if (sheets > 0) parts.push(say("story.sheets", { count: sheets }));
  if (rows > 0 && (sheets > 0 || format === "csv")) parts.push(say("story.rows", { count: rows }));
  if (files > 0) {
    const isMessage = format === "eml" || format === "msg";
    parts.push(say(isMessage ? "story.attachments" : "story.files", { count: files }));
  }
  parts.push(say("story.words", { count: words }));
  return parts;
}

function pagesOf(format: string) {
  if (format === "pptx" || format === "ppt" || format === "odp") return "story.slides";
  if (format === "epub") return "story.chapters";
  return "story.pages";
}

const names: Record<string, string> = {
  docx: "Word",
  xlsx: "Excel",
  pptx: "PowerPoint",
  doc: "Word (.doc)",
  xls: "Excel (.xls)",
  xlsb: "Excel (.xlsb)",
  ppt: "PowerPoint (.ppt)",
  odt: "OpenDocument (.odt)",
  ods: "OpenDocument (.ods)",
  odp: "OpenDocument (.odp)",
  msg: "Outlook",
  eml: "E-mail",
  md: "Markdown",
  org: "Org",
};

/** The name of a format as people write it. */
export function formatName(format: string): string {
  return names[format.toLowerCase()] ?? format.toUpperCase();
}

/** The name of a kind of file as people write it. */
export function kindOf(document: Document): string {
  return formatName(document.report?.format || document.name.split(".").at(-1) || "");
}

/** Sources that the program makes itself are named in the reader's language. */
export function sourceName(source: Source, say: KnowledgeSay): string {
  const { kind, name } = source;
  return kind === "site" || kind === "folder" ? name : say(`source.${kind}`);
}

/** What can be read, as people name it. */
export const readable =
  "PDF, Word (.docx, .doc), Excel (.xlsx, .xls, .xlsb), PowerPoint (.pptx, .ppt), OpenDocument (.odt, .ods, .odp), RTF, EPUB, HTML, Markdown, TXT, CSV, TSV, Org, RST, .eml, .msg, ZIP";
