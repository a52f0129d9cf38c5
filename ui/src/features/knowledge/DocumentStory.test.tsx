import { Tooltip } from "@base-ui/react/tooltip";
import { act, render } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import type { Document } from "../../api/types";
import { setLanguage } from "../../i18n/language";
import { DocumentStory } from "./DocumentStory";

const waiting: Document = {
  id: "00000000000000000000000000000001",
  source_id: "00000000000000000000000000000002",
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
  created_at: "2026-01-01T00:00:00Z",
  updated_at: "2026-01-01T00:00:00Z",
};

const report = {
  format: "pdf",
  pages: 38,
  scanned_pages: 0,
  words: 9214,
  tables: 0,
  images: 0,
  sheets: 0,
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
