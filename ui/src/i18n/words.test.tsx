import { render, screen } from "@testing-library/react";
import { act } from "react";
import { expect, test } from "vitest";
import { setLanguage } from "./language";
import { defineWords } from "./words";

const { useWords, say } = defineWords(
  { found: { one: "{count} page in {name}", other: "{count} pages in {name}" }, plain: "Pages" },
  {
    found: {
      one: "{count} страница в {name}",
      few: "{count} страницы в {name}",
      many: "{count} страниц в {name}",
      other: "{count} страницы в {name}",
    },
    plain: "Страницы",
  },
);

function Title() {
  const say = useWords();
  return <h1>{say("plain")}</h1>;
}

test("a phrase takes the form that its number asks for in each language", () => {
  setLanguage("en");
  expect(say("found", { count: 1, name: "A" })).toBe("1 page in A");
  expect(say("found", { count: 9214, name: "A" })).toBe("9,214 pages in A");
  setLanguage("ru");
  expect([1, 2, 5, 21].map((count) => say("found", { count, name: "А" }))).toEqual([
    "1 страница в А",
    "2 страницы в А",
    "5 страниц в А",
    "21 страница в А",
  ]);
});

test("what is on the page changes with the language at once", async () => {
  setLanguage("en");
  render(<Title />);
  expect(screen.getByRole("heading").textContent).toBe("Pages");
  await act(async () => setLanguage("ru"));
  expect(screen.getByRole("heading").textContent).toBe("Страницы");
  expect(document.documentElement.lang).toBe("ru");
});
