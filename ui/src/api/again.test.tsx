import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { again, pauseAfter } from "./again";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("pauses double from a second to half a minute, and chance takes off up to the half", () => {
  expect([1, 2, 3, 6, 40].map((failures) => pauseAfter(failures, 0))).toEqual([
    1_000, 2_000, 4_000, 30_000, 30_000,
  ]);
  expect(pauseAfter(2, 1)).toBe(1_000);
});

test("a failure is tried again once, at once when the network is back, and never after the end", () => {
  const act = vi.fn();
  const tries = again(act);
  dispatchEvent(new Event("online"));
  expect(act).toHaveBeenCalledTimes(0);
  tries.failed();
  dispatchEvent(new Event("online"));
  expect(act).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(60_000);
  expect(act).toHaveBeenCalledTimes(1);
  tries.failed();
  tries.stop();
  vi.advanceTimersByTime(60_000);
  dispatchEvent(new Event("online"));
  expect(act).toHaveBeenCalledTimes(1);
});
