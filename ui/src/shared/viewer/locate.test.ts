import { expect, it } from "vitest";
import { locate } from "./locate";

function book(...pages: string[][]) {
  return { textOf: (page: number) => Promise.resolve(pages[page] ?? []), count: pages.length };
}

async function found(pages: string[][], expected: number, quote: string): Promise<string> {
  const { textOf, count } = book(...pages);
  const place = await locate(textOf, count, expected, quote);
  if (!place) return "nothing";
  const marks = [...place.marks].flatMap(([page, list]) =>
    list.map((mark) => `${page}: ${pages[page]?.[mark.piece]?.slice(mark.from, mark.to)}`),
  );
  return `on ${place.page}; ${marks.join("; ")}`;
}

it("a quote is marked on the page it is expected on, though it stands on others too", async () => {
  expect(await found([["two years"], ["x", "two years"], ["two years"]], 1, "two years")).toBe(
    "on 1; 1: two years",
  );
});

it("a quote that goes over the page is marked on both", async () => {
  expect(
    await found([["a"], ["The warranty"], ["lasts two years", "b"]], 1, "The warranty lasts two years"),
  ).toBe("on 1; 1: The warranty; 2: lasts two years");
});

it("a quote on another page than expected is found", async () => {
  expect(await found([["a"], ["b"], ["c"], ["the deposit comes back"]], 0, "deposit comes back")).toBe(
    "on 3; 3: deposit comes back",
  );
});

it("something very like the quote is taken when the letters are not there", async () => {
  expect(
    await found(
      [["The deposit comes back 7", "in ten days"]],
      0,
      "The deposit comes back in ten working days",
    ),
  ).toBe("on 0; 0: The deposit comes back; 0: in ten days");
});

it("nothing is marked when nothing fits", async () => {
  expect(await found([["a"], ["b"]], 1, "The deposit comes back")).toBe("nothing");
});

it("the same words with another number are not the quote while the quote stands elsewhere", async () => {
  const rule = (number: number) => [`keep its cover closed at all times, says rule ${number}`];
  const pages = [1, 2, 3, 4, 5].map(rule);
  expect(await found(pages, 0, "keep its cover closed at all times, says rule 4")).toBe(
    "on 3; 3: keep its cover closed at all times, says rule 4",
  );
});
