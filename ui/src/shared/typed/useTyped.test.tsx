import { act, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { useTyped } from "./useTyped";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("the field begins with the words of the address, and the address follows what is typed", () => {
  history.replaceState(null, "", "/knowledge?q=saddle&label=Prices");
  const { result } = renderHook(() => useTyped());
  expect(result.current[0]).toBe("saddle");
  const steps = history.length;
  act(() => result.current[1]("brake "));
  expect(location.search).toBe("?q=saddle&label=Prices");
  act(() => void vi.advanceTimersByTime(300));
  expect(location.search).toBe("?q=brake&label=Prices");
  expect(result.current[0]).toBe("brake ");
  act(() => result.current[1](""));
  act(() => void vi.advanceTimersByTime(300));
  expect(location.search).toBe("?label=Prices");
  expect(history.length).toBe(steps);
});
