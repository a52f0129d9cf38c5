import { Tooltip } from "@base-ui/react/tooltip";
import { act, cleanup, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Toasts } from "../../design/Toast";
import { setLanguage } from "../../i18n/language";
import { remove, useRemoved } from "./removals";

const asked: string[] = [];

beforeEach(() => {
  setLanguage("en");
  asked.length = 0;
  vi.useFakeTimers();
  vi.stubGlobal("fetch", async (address: string, request: RequestInit) => {
    asked.push(`${request.method} ${address}`);
    return new Response(null, { status: address.endsWith("/stuck") ? 503 : 204 });
  });
});

afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function Gone() {
  return <output>{[...useRemoved()].join(" ")}</output>;
}

function show() {
  render(
    <Tooltip.Provider>
      <Gone />
      <Toasts />
    </Tooltip.Provider>,
  );
}

const gone = () => screen.getByRole("status").textContent?.split(" ") ?? [];

test("what is removed is gone from sight at once and deleted when the toast goes", async () => {
  show();
  act(() => remove("documents", ["one"], "Removed"));
  expect(gone()).toContain("one");
  expect(asked).toEqual([]);
  await act(async () => vi.advanceTimersByTimeAsync(6000));
  expect(asked).toEqual(["DELETE /api/documents/one"]);
});

test("undo brings it back and nothing is deleted", async () => {
  show();
  act(() => remove("qa", ["two"], "Removed"));
  act(() => screen.getByRole("button", { name: "Undo" }).click());
  expect(gone()).not.toContain("two");
  await act(async () => vi.advanceTimersByTimeAsync(10_000));
  expect(asked).toEqual([]);
});

test("what could not be deleted comes back to sight", async () => {
  show();
  act(() => remove("documents", ["stuck"], "Removed"));
  await act(async () => vi.advanceTimersByTimeAsync(6000));
  expect(gone()).not.toContain("stuck");
});

test("leaving the page deletes what was waiting", () => {
  show();
  act(() => remove("documents", ["left"], "Removed"));
  act(() => void dispatchEvent(new Event("pagehide")));
  expect(asked).toEqual(["DELETE /api/documents/left"]);
});
