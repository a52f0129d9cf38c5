import { act, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { keepPresence, usePresent } from "./presence";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const ann = { member_id: "m1", name: "Ann", here_ms: 12_000, typing_ms: 5_000 };

test("whoever types stops typing and goes when nothing is said of them any more", () => {
  const { result } = renderHook(() => usePresent("c1"));
  act(() => keepPresence({ conversation_id: "c1", present: [ann] }));
  expect(result.current).toEqual([{ memberId: "m1", name: "Ann", isTyping: true }]);
  act(() => void vi.advanceTimersByTime(5_100));
  expect(result.current).toEqual([{ memberId: "m1", name: "Ann", isTyping: false }]);
  act(() => void vi.advanceTimersByTime(7_000));
  expect(result.current).toEqual([]);
});

test("what is told takes the place of what was known, in its own conversation", () => {
  const { result } = renderHook(() => usePresent("c2"));
  act(() => keepPresence({ conversation_id: "c2", present: [ann] }));
  act(() => keepPresence({ conversation_id: "c3", present: [ann] }));
  act(() => keepPresence({ conversation_id: "c2", present: [] }));
  expect(result.current).toEqual([]);
});
