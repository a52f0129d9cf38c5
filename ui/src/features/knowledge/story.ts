/** What a document tells of itself in one line. */
import type { Document, ReadReport } from "../../api/types";
import type { Format } from "../../i18n/format";
import type { KnowledgeSay } from "./words";

/** "38 pages, 9,214 words, Russian" */
export function contents(document: Document, say: KnowledgeSay, format: Format): string {
  const parts = document.report ? amounts(document.report, say) : [];
  const language = format.language(document.language);
  return [...parts, language].filter(Boolean).join(", ");
}

export function amounts(report: ReadReport, say: KnowledgeSay): string[] {
  const parts: string[] = [];
  if (report.pages > 0) parts.push(say("story.pages", { count: report.pages }));
  if (report.sheets > 0) parts.push(say("story.sheets", { count: report.sheets }));
  parts.push(say("story.words", { count: report.words }));
  return parts;
}

/** The name of a kind of file as people write it. */
export function kindOf(document: Document): string {
  const format = document.report?.format || document.name.split(".").at(-1) || "";
  const names: Record<string, string> = {
    docx: "Word",
    xlsx: "Excel",
    pptx: "PowerPoint",
    doc: "Word",
    xls: "Excel",
    xlsb: "Excel",
    ppt: "PowerPoint",
    odt: "OpenDocument",
    ods: "OpenDocument",
    odp: "OpenDocument",
    msg: "Outlook",
    md: "Markdown",
    txt: "TXT",
  };
  return names[format.toLowerCase()] ?? format.toUpperCase();
}
