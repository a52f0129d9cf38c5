import { Tooltip } from "@base-ui/react/tooltip";
import { QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { cache } from "../../api/cache";
import { sessionQuery, statusQuery } from "../../api/queries";
import type { Document, ReadFailure, ReadReport, Role, Status } from "../../api/types";
import { setLanguage } from "../../i18n/language";
import { DocumentReport } from "./DocumentReport";

const report: ReadReport = {
  format: "zip",
  pages: 0,
  scanned_pages: 0,
  words: 900,
  tables: 0,
  rows: 0,
  images: 0,
  sheets: 0,
  files: 14,
  unread: [
    { name: "old / scan.pdf", cause: "scanned" },
    { name: "secret.docx", cause: "encrypted" },
  ],
  encoding: null,
  notes: ["some_files_unreadable"],
};

const archive: Document = {
  id: "00000000000000000000000000000001",
  source_id: "00000000000000000000000000000002",
  origin: null,
  name: "papers.zip",
  title: "papers",
  media_type: "application/zip",
  size: 1000,
  state: "ready",
  reading: null,
  failure: null,
  report,
  language: "en",
  passages: 9,
  vectors: 0,
  labels: [],
  versions: 0,
  replaced_by: null,
  created_at: "2026-01-01T00:00:00Z",
  updated_at: "2026-01-01T00:00:00Z",
};

function show(change: Partial<Document>) {
  render(
    <QueryClientProvider client={cache}>
      <Tooltip.Provider>
        <DocumentReport document={{ ...archive, ...change }} />
      </Tooltip.Provider>
    </QueryClientProvider>,
  );
}

function signIn(role: Role) {
  const member = { id: "00000000000000000000000000000003", name: "Anna", email: "anna@shop.example", role };
  cache.setQueryData(sessionQuery.queryKey, {
    member,
    first_run: false,
    business: "Lindenhof Bicycles",
    window: false,
  });
}

beforeEach(() => {
  setLanguage("en");
  signIn("owner");
});

test("an archive names each file that could not be read, and why", () => {
  show({});
  expect(screen.getByText(/Read as ZIP: 14 files inside and 900 words/)).toBeTruthy();
  expect(screen.getByText(/2 of 14 files inside could not be read/)).toBeTruthy();
  const [scan, secret] = screen.getAllByText(/^(old \/ scan\.pdf|secret\.docx)$/);
  expect(scan?.parentElement?.textContent).toContain("Only pictures of pages, no text");
  expect(secret?.parentElement?.textContent).toContain("Locked with a password");
  // The note of the same is not told a second time.
  expect(screen.queryByText(/they are named in the text/)).toBeNull();
});

test("pictures that were not read are not called nothing lost", () => {
  show({ report: { ...report, images: 2, unread: [], notes: [] } });
  expect(screen.getByText("All of the text was read.")).toBeTruthy();
  expect(screen.queryByText("Nothing was lost.")).toBeNull();
});

test("finding by meaning is only promised where there is a model for it", async () => {
  show({});
  expect(screen.getByText("Found by words.")).toBeTruthy();
  cache.setQueryData(statusQuery.queryKey, {
    embedder: { name: "multilingual-e5-small", state: "installed", gathered: null, choices: [] },
  } as unknown as Status);
  expect(await screen.findByText("Found by words now; finding by meaning follows.")).toBeTruthy();
});

test("a failure says what, why and what to do, with a button for it", () => {
  const buttons: [ReadFailure, string][] = [
    ["encrypted", "Choose the new file"],
    ["damaged", "Choose the new file"],
    ["unsupported", "Choose the new file"],
    ["too_slow", "Read again"],
    ["reader_stopped", "Read again"],
  ];
  for (const [failure, button] of buttons) {
    const { unmount } = render(
      <QueryClientProvider client={cache}>
        <DocumentReport document={{ ...archive, state: "failed", failure, report: null }} />
      </QueryClientProvider>,
    );
    expect(screen.getByRole("button", { name: button })).toBeTruthy();
    expect(screen.getByText("Why")).toBeTruthy();
    expect(screen.getByText("What to do")).toBeTruthy();
    expect(screen.queryByText(/OpenDocument/) !== null).toBe(failure === "unsupported");
    unmount();
  }
});

test("whoever may only look is told why, and is offered nothing that would be refused", () => {
  for (const role of ["viewer", "operator"] as const) {
    signIn(role);
    const { unmount } = render(
      <QueryClientProvider client={cache}>
        <DocumentReport document={{ ...archive, state: "failed", failure: "encrypted", report: null }} />
      </QueryClientProvider>,
    );
    expect(screen.getByText("Why")).toBeTruthy();
    expect(screen.queryAllByRole("button")).toEqual([]);
    unmount();
  }
});
