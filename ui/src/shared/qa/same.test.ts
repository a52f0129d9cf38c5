import { expect, test } from "vitest";
import { isSameQuestion } from "./same";

test("a question is the same whatever its case, spaces and ending", () => {
  expect(isSameQuestion("How long does delivery take?", " how long  does delivery take ?! ")).toBe(true);
  expect(isSameQuestion("Сколько идёт доставка?", "сколько идёт доставка…")).toBe(true);
  expect(isSameQuestion("How long does delivery take?", "How long does repair take?")).toBe(false);
});
