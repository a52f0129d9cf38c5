import { expect, test } from "vitest";
import { asked, filled, offered } from "./replies";
import type { SavedReply } from "./wire";

const reply = (name: string, language: string, text: string): SavedReply => ({
  id: `${name} ${language}`,
  name,
  language,
  text,
  updated_at: "",
});
const hours = reply("Hours", "en", "We are open from 9 to 18.");
const часы = reply("Часы работы", "ru", "Мы открыты с 9 до 18.");
const later = reply("Later", "", "I will look and come back. Our hours are on the site.");

test("a slash at the beginning asks for replies, one further in does not", () => {
  expect(asked("/ho")).toBe("ho");
  expect(asked("/")).toBe("");
  expect(asked("and/or")).toBeUndefined();
  expect(asked("/one\ntwo")).toBeUndefined();
});

test("names come before words, and the customer's language before others", () => {
  const all = [later, hours, часы];
  expect(offered(all, "hours", "en").map(({ id }) => id)).toEqual(["Hours en", "Later "]);
  expect(offered(all, "", "ru").map(({ id }) => id)).toEqual(["Часы работы ru", "Later ", "Hours en"]);
  expect(offered(all, "ничего", "ru")).toEqual([]);
});

test("names are filled in; an unknown one leaves no gap", () => {
  const names = { name: "Ivan", me: "Ann", business: "Lindenhof" };
  const text = "Good day, {name}! {me} from {business} here.";
  expect(filled(text, names)).toBe("Good day, Ivan! Ann from Lindenhof here.");
  expect(filled(text, { ...names, name: " " })).toBe("Good day! Ann from Lindenhof here.");
  expect(filled("{other}", names)).toBe("{other}");
});
