import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { Router } from "wouter";
import { memoryLocation } from "wouter/memory-location";
import { DropAnywhere } from "./DropAnywhere";

const addFiles = vi.hoisted(() => vi.fn());
vi.mock("../features/knowledge/uploads", () => ({ addFiles }));
const may = vi.hoisted(() => ({ change: true }));
vi.mock("../api/may", () => ({ useMay: () => may }));

afterEach(() => addFiles.mockClear());

const file = new File(["price"], "Price list.txt");
const transfer = { types: ["Files"], files: [file], items: [] };

test("a file dropped on any page goes to Knowledge", async () => {
  const at = memoryLocation({ path: "/inbox", record: true });
  render(
    <Router hook={at.hook}>
      <DropAnywhere />
    </Router>,
  );
  fireEvent.dragOver(document.body, { dataTransfer: transfer });
  expect(screen.getByText(/Knowledge/)).toBeDefined();
  fireEvent.drop(document.body, { dataTransfer: transfer });
  await waitFor(() => expect(addFiles).toHaveBeenCalledWith([file]));
  await waitFor(() => expect(at.history.at(-1)).toBe("/knowledge"));
});

test("a page with its own place for files keeps them", () => {
  const at = memoryLocation({ path: "/knowledge", record: true });
  render(
    <Router hook={at.hook}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a stand-in for a page's own place for files */}
      <div data-testid="own" onDrop={(event) => event.preventDefault()} />
      <DropAnywhere />
    </Router>,
  );
  fireEvent.drop(screen.getByTestId("own"), { dataTransfer: transfer });
  expect(addFiles).not.toHaveBeenCalled();
});

test("whoever may only look is not offered to add a file", () => {
  may.change = false;
  render(<DropAnywhere />);
  fireEvent.dragOver(document.body, { dataTransfer: transfer });
  expect(screen.queryByText(/Knowledge/)).toBeNull();
  may.change = true;
});

test("dragged text is left alone", () => {
  render(<DropAnywhere />);
  fireEvent.dragOver(document.body, { dataTransfer: { types: ["text/plain"], files: [], items: [] } });
  expect(screen.queryByText(/Knowledge/)).toBeNull();
});
