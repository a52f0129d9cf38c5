import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { formatIn } from "./format";
import { localeOf } from "./language";

beforeEach(() => void vi.useFakeTimers({ now: new Date("2026-11-26T15:00:00") }));
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("a day of this year needs no year, and the last two are said in words", () => {
  const { day, dayInWords } = formatIn("en");
  expect(day("2026-11-07T12:00:00")).not.toContain("2026");
  expect(day("2025-11-07T12:00:00")).toContain("2025");
  expect(dayInWords("2026-11-26T00:10:00")).toBe("today");
  expect(dayInWords("2026-11-25T23:50:00")).toBe("yesterday");
  expect(dayInWords("2026-11-24T23:50:00")).toBe(day("2026-11-24T23:50:00"));
});

test("what was long ago is a date, and everything before is counted back", () => {
  const { ago, day } = formatIn("ru");
  expect(ago("2026-11-26T14:57:00")).toBe("3 минуты назад");
  expect(ago("2026-11-07T15:00:00")).toBe("19 дней назад");
  expect(ago("2026-10-07T15:00:00")).toBe(day("2026-10-07T15:00:00"));
});

test("dates and hours are written as where the reader lives, whatever the language", () => {
  vi.stubGlobal("navigator", { language: "de-AT" });
  expect(localeOf("en")).toBe("en-AT");
  vi.stubGlobal("navigator", { language: "de" });
  expect(localeOf("ru")).toBe("ru");
  vi.stubGlobal("navigator", { language: "not a language" });
  expect(localeOf("en")).toBe("en");
});

test("money is written as its reader writes it, and small sums can be seen", () => {
  const plain = (text: string) => text.replaceAll("\u00a0", " ");
  vi.stubGlobal("navigator", { language: "en-US" });
  const { money } = formatIn("en");
  expect(money(12_340_000, "EUR")).toBe("€12.34");
  expect(money(0, "USD")).toBe("$0.00");
  expect(money(2_300, "USD")).toBe("$0.0023");
  expect(money(123_400, "USD")).toBe("$0.1234");
  expect(plain(formatIn("ru").money(1_250_500_000, "RUB"))).toBe("1 250,50 ₽");
});
