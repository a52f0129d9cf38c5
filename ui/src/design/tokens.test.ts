import { expect, test } from "vitest";
import { colours, contrast, pairs, stylesheet, type ThemeName } from "./tokens";

test("the stylesheet is the one that the tokens give", async () => {
  await expect(stylesheet()).toMatchFileSnapshot("./tokens.css");
});

test.each<ThemeName>(["light", "dark", "contrast"])("every pair can be read in %s", (theme) => {
  const weak = pairs
    .map(([front, back, least]) => ({
      pair: `${front} on ${back}`,
      least,
      ratio: Number(contrast(colours[front][theme], colours[back][theme]).toFixed(2)),
    }))
    .filter(({ ratio, least }) => ratio < least);
  expect(weak).toEqual([]);
});
