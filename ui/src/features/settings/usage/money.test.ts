import { expect, test } from "vitest";
import { likelyCurrency, microsOf, typed } from "./money";

test("a price is read exactly, with a point or a comma", () => {
  expect(microsOf("0.15")).toBe(150_000);
  expect(microsOf(" 0,075 ")).toBe(75_000);
  expect(microsOf("1 200")).toBe(1_200_000_000);
  expect(microsOf("0.000001")).toBe(1);
  expect(microsOf("0")).toBe(0);
  for (const wrong of ["", "-1", "1.2.3", "0.0000001", "1e3", "free", "1234567"])
    expect(microsOf(wrong)).toBeNull();
});

test("what was kept stands in its field as it was typed", () => {
  for (const text of ["0.15", "0.000001", "3", "1200.5"]) {
    expect(typed(microsOf(text) ?? -1, ".")).toBe(text);
  }
  expect(typed(150_000, ",")).toBe("0,15");
});

test("the currency is guessed from where somebody lives", () => {
  expect(likelyCurrency("Asia/Omsk")).toBe("RUB");
  expect(likelyCurrency("Europe/Berlin")).toBe("EUR");
  expect(likelyCurrency("Europe/London")).toBe("GBP");
  expect(likelyCurrency("America/New_York")).toBe("USD");
});
