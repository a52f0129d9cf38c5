import { Tooltip } from "@base-ui/react/tooltip";
import { act, render } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import type { Document, ReadReport } from "../../api/types";
import { setLanguage } from "../../i18n/language";
import { DocumentStory } from "./DocumentStory";

const waiting: Document = {
  id: "00000000000000000000000000000001",
  source_id: "00000000000000000000000000000002",
  origin: null,
  name: "terms.pdf",
  title: "Terms",
  media_type: "application/pdf",
  size: 1000,
  state: "pending",
  reading: null,
  failure: null,
  report: null,
  language: "",
  passages: 0,
  vectors: 0,
  labels: [],
  versions: 0,
  replaced_by: null,
  created_at: "2026-01-01T00:00:00Z",
  updated_at: "2026-01-01T00:00:00Z",
};

const report: ReadReport = {
  format: "pdf",
  pages: 38,
  scanned_pages: 0,
  words: 9214,
  tables: 0,
  rows: 0,
  images: 0,
  sheets: 0,
  files: 0,
  unread: [],
  encoding: null,
  notes: [],
};

function told(change: Partial<Document>): string {
  const { container } = render(
    <Tooltip.Provider>
      <DocumentStory document={{ ...waiting, ...change }} />
    </Tooltip.Provider>,
  );
  return container.textContent ?? "";
}

beforeEach(() => setLanguage("en"));

test("a document tells its story from waiting to ready", () => {
  expect(told({})).toBe("Waits for its turn");
  expect(told({ state: "reading" })).toBe("Reading");
  expect(told({ state: "reading", reading: { done: 12, total: 40 } })).toBe("Reading page 12 of 40");
  expect(told({ state: "ready", report, language: "ru", passages: 9, vectors: 9 })).toBe(
    "Ready to answer38 pages, 9,214 words, Russian",
  );
});

test("a document that could not be read says why and what to do", () => {
  expect(told({ state: "failed", failure: "scanned" })).toBe(
    "Only pictures of pages, no text. Run text recognition (OCR) on it and add the result.",
  );
  act(() => setLanguage("ru"));
  expect(told({ state: "failed", failure: "encrypted" })).toContain("Закрыт паролем");
});

test("scanned pages and missing vectors are shown beside what is ready", () => {
  const text = told({ state: "ready", report: { ...report, scanned_pages: 3 }, passages: 9, vectors: 4 });
  expect(text).toContain("3 pages are scans");
  expect(document.querySelector("progress")?.getAttribute("aria-label")).toBe(
    "Search by meaning: 4 of 9 passages",
  );
});

test("each format tells what was read in its own words", () => {
  const formats: [Partial<ReadReport>, string][] = [
    [{ format: "pptx", pages: 12 }, "12 slides, 9,214 words"],
    [{ format: "epub", pages: 1 }, "1 chapter, 9,214 words"],
    [{ format: "xlsx", pages: 0, sheets: 3, rows: 120 }, "3 sheets, 120 rows, 9,214 words"],
    [{ format: "csv", pages: 0, rows: 1 }, "1 row, 9,214 words"],
    [{ format: "eml", pages: 0, files: 2 }, "2 attachments, 9,214 words"],
    [{ format: "zip", pages: 0, files: 14 }, "14 files inside, 9,214 words"],
    // Rows of a table in a text are part of the text.
    [{ format: "docx", pages: 0, rows: 9 }, "9,214 words"],
  ];
  for (const [change, expected] of formats) {
    expect(told({ state: "ready", report: { ...report, ...change }, language: "" })).toBe(
      `Ready to answer${expected}`,
    );
  }
});
