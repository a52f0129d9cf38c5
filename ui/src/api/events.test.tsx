import { QueryClient } from "@tanstack/react-query";
import { act, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { followEvents } from "./events";
import { useAway } from "./line";
import { sessionQuery } from "./queries";

/** An event source whose other end is the test. */
class Line {
  static readonly CLOSED = 2;
  static opened: Line[] = [];
  readonly url: string;
  readyState = 0;
  onopen?: () => void;
  onerror?: () => void;
  constructor(url: string) {
    this.url = url;
    Line.opened.push(this);
  }
  addEventListener() {}
  close() {
    this.readyState = Line.CLOSED;
  }
  breaks(readyState: number) {
    this.readyState = readyState;
    this.onerror?.();
  }
}

class Channel {
  postMessage() {}
  close() {}
}

const cache = new QueryClient();
const invalidate = vi.spyOn(cache, "invalidateQueries");
let stop: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("EventSource", Line);
  vi.stubGlobal("BroadcastChannel", Channel);
  Line.opened = [];
  invalidate.mockClear();
  stop = followEvents(cache);
});

afterEach(() => {
  act(() => stop());
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const newest = () => Line.opened.at(-1) as Line;

test("a line that was refused is opened again, asks for the session and reads anew what it missed", () => {
  newest().onopen?.();
  expect(invalidate).not.toHaveBeenCalled();
  newest().breaks(Line.CLOSED);
  expect(invalidate).toHaveBeenCalledWith({ queryKey: sessionQuery.queryKey });
  vi.advanceTimersByTime(1_000);
  expect(Line.opened).toHaveLength(2);
  newest().onopen?.();
  expect(invalidate).toHaveBeenLastCalledWith();
});

test("a line that only broke is opened again by us, and nobody asks for the session", () => {
  newest().breaks(0);
  expect(newest().readyState).toBe(Line.CLOSED);
  expect(invalidate).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1_000);
  expect(Line.opened).toHaveLength(2);
});

test("that the program is away is told after three seconds, until the line stands again", () => {
  const { result } = renderHook(() => useAway());
  act(() => newest().breaks(0));
  act(() => void vi.advanceTimersByTime(2_900));
  expect(result.current).toBe(false);
  act(() => void vi.advanceTimersByTime(200));
  expect(result.current).toBe(true);
  act(() => newest().onopen?.());
  expect(result.current).toBe(false);
});
