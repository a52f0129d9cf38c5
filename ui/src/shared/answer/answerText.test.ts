import { expect, it } from "vitest";
import { answerParts, type Part, type Span } from "./answerText";

function shown(text: string, ...sources: number[]): string {
  const spans = (list: Span[]) =>
    list
      .map((span) => {
        if (span.kind === "source") return `<${span.number}>`;
        return span.kind === "text" ? span.text : `<${span.kind} ${span.text}>`;
      })
      .join("");
  const part = (one: Part) => {
    if (one.kind === "code") return `code ${one.text}`;
    if (one.kind === "paragraph") return `p ${spans(one.spans)}`;
    return `${one.ordered ? "ol" : "ul"} ${one.items.map(spans).join(" / ")}`;
  };
  return answerParts(text, new Set(sources)).map(part).join("\n");
}

it("marks lead to their sources", () => {
  expect(shown("Two years [1], batteries one year. [2]", 1, 2)).toBe(
    "p Two years<1>, batteries one year.<2>",
  );
});

it("a mark without a source is not shown", () => {
  expect(shown("Two years [7].", 1)).toBe("p Two years.");
});

it("paragraphs, lists, bold and code are drawn", () => {
  expect(shown("**Hours**\n\n- Mon: `9-18`\n- Tue\n1. one\n2) two\n\nend\nof it")).toBe(
    "p <strong Hours>\nul Mon: <code 9-18> / Tue\nol one / two\np end\nof it",
  );
});

it("a fence that is still being written is shown as code", () => {
  expect(shown("```sh\nls -l\n# no heading")).toBe("code ls -l\n# no heading");
});

it("bold that is still being written is bold, and powers are not", () => {
  expect(shown("It takes **six and a half")).toBe("p It takes <strong six and a half>");
  expect(shown("2**3 and **")).toBe("p 2**3 and **");
});

it("links, pictures and HTML stay plain text", () => {
  const text = "![x](http://evil.example/p.png) [a](javascript:alert(1)) <img src=x onerror=alert(1)>";
  expect(shown(text)).toBe(`p ${text}`);
});

it("nothing gives nothing", () => {
  expect(shown("")).toBe("");
  expect(shown("\n\n")).toBe("");
});
