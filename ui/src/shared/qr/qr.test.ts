import { expect, test } from "vitest";
import { qrPath, qrSvg } from "./qr";

/** The modules that a path paints. */
function painted(path: string): Set<string> {
  const modules = [...path.matchAll(/M(\d+) (\d+)h(\d+)/g)];
  return new Set(
    modules.flatMap(([, x, y, width]) =>
      Array.from({ length: Number(width) }, (_, step) => `${Number(x) + step} ${y}`),
    ),
  );
}

test("a code has its three finders, and a quiet zone of four modules around it", () => {
  const { size, path } = qrPath("https://t.me/lindenhof_bot");
  const dark = painted(path);
  const isEdge = (place: string) => place.split(" ").some((at) => Number(at) < 4 || Number(at) >= size - 4);
  expect([...dark].some(isEdge)).toBe(false);
  for (const [x, y] of [
    [4, 4],
    [size - 11, 4],
    [4, size - 11],
  ] as const) {
    const ring = Array.from({ length: 7 }, (_, step) => dark.has(`${x + step} ${y}`));
    expect(ring).toEqual(Array.from({ length: 7 }, () => true));
    expect(dark.has(`${x + 1} ${y + 1}`)).toBe(false);
    expect(dark.has(`${x + 3} ${y + 3}`)).toBe(true);
  }
});

test("the file to print is light paper with the same path on it", () => {
  const { path } = qrPath("https://t.me/a");
  expect(qrSvg("https://t.me/a")).toContain(`d="${path}"`);
});
