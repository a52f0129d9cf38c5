import { describe, expect, it } from "vitest";
import { findQuote } from "./quote";

/** The marked words, joined by a bar, so that a test reads like a page. */
function marked(pieces: string[], quote: string, near?: number): string {
  const found = findQuote(pieces, quote, near);
  return found
    ? found.marks.map((mark) => pieces[mark.piece]?.slice(mark.from, mark.to)).join("|")
    : "nothing";
}

describe("a quote is found", () => {
  it("inside one piece", () => {
    expect(marked(["Returns are free within 30 days."], "free within 30 days")).toBe("free within 30 days");
  });

  it("across pieces and lines, with white space that differs", () => {
    const pieces = ["Returns are free ", "", "within", " ", "30 days", " of purchase."];
    expect(marked(pieces, "free within\n30  days of")).toBe("free |within| |30 days| of");
  });

  it("through a word broken by a hyphen at the end of a line", () => {
    expect(marked(["The war-", "ranty covers batteries."], "The warranty covers")).toBe(
      "The war-|ranty covers",
    );
  });

  it("through a soft hyphen and a zero-width space", () => {
    expect(marked(["The war\u00adranty\u200b covers"], "warranty covers")).toBe(
      "war\u00adranty\u200b covers",
    );
  });

  it("through ligatures of the font", () => {
    expect(marked(["our o\ufb03ce is \ufb01ne"], "office is fine")).toBe("o\ufb03ce is \ufb01ne");
  });

  it("when the quote has the ligature and the text has not", () => {
    expect(marked(["our office is fine"], "o\ufb03ce is")).toBe("office is");
  });

  it("whatever the capitals, the quotation marks and the letter ё", () => {
    expect(marked(["Гарантия «Всё включено» — два года"], 'все включено" - два года')).toBe(
      "Всё включено» — два года",
    );
  });

  it("when punctuation differs", () => {
    expect(marked(["Opening hours", "Mon", "9:00", "18:00"], "Opening hours: Mon | 9:00 | 18:00")).toBe(
      "Opening hours|Mon|9:00|18:00",
    );
  });

  it("nearest to where it is expected when it stands twice", () => {
    const pieces = ["two years", "something else", "two years"];
    expect(findQuote(pieces, "two years", 2)?.marks).toEqual([{ piece: 2, from: 0, to: 9 }]);
    expect(findQuote(pieces, "two years")?.marks[0]?.piece).toBe(0);
  });

  it("when a page number stands in the middle of it", () => {
    const pieces = ["The deposit is returned", "17", "within ten working days"];
    expect(marked(pieces, "The deposit is returned within ten working days")).toBe(
      "The deposit is returned|within ten working days",
    );
  });

  it("when a table row was quoted with the names of its columns", () => {
    const pieces = ["Article", "Price", "Bolt M8 zinc coated 40 mm", "120"];
    const found = findQuote(pieces, "Name: Bolt M8 zinc coated 40 mm; Price: 120");
    expect(found?.marks.map((mark) => pieces[mark.piece]?.slice(mark.from, mark.to))).toEqual([
      "Bolt M8 zinc coated 40 mm",
      "120",
    ]);
    expect(found?.share).toBeGreaterThan(0.7);
  });

  it("in letters beyond the first plane", () => {
    expect(marked(["𝐁old and 😀 plain"], "bold and 😀")).toBe("𝐁old and 😀");
  });
});

describe("rows of a table", () => {
  const page = ["Mode", " ", "Range", "Eco", " ", "120 km", "Tour", " ", "85 km", "Turbo", " ", "38 km"];

  it("are found by their values, for the page does not repeat the columns' names", () => {
    const quote = "Mode: Eco; Range: 120 km\nMode: Tour; Range: 85 km";
    expect(marked(page, quote)).toBe("Eco| |120 km|Tour| |85 km");
    expect(findQuote(page, quote)?.isSure).toBe(true);
  });

  it("are not surely found by other values", () => {
    expect(findQuote(page, "Mode: Uphill; Range: 55 km")?.isSure).not.toBe(true);
  });
});

describe("a quote is not found", () => {
  it("when the page says something else", () => {
    expect(marked(["We are open every day from nine to six"], "The deposit is returned in ten days")).toBe(
      "nothing",
    );
  });

  it("when there is no text or no quote", () => {
    expect(marked([], "anything at all")).toBe("nothing");
    expect(marked(["some words"], "  ")).toBe("nothing");
    expect(marked(["some words"], "—")).toBe("nothing");
  });
});
