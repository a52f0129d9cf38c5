import { expect, test } from "vitest";
import { asLine, moved, ofRated, ofUnanswered } from "./entries";

const group = {
  id: "g1",
  question: "Do you repair scooters?",
  asked: 3,
  last_at: "2026-11-22T10:00:00Z",
  conversation_id: "c1",
  languages: ["en", ""],
  channels: ["telegram" as const],
  reply: null,
};

test("a question that nobody replied to leads to where it was asked and starts an empty answer", () => {
  const entry = ofUnanswered(group);
  expect(entry).toMatchObject({ conversation: "c1", draft: "", said: undefined, languages: ["en"] });
});

test("a person's reply is the suggested answer, and its conversation the one to look at", () => {
  const reply = { text: "Yes, on Tuesdays.", by: "Anna", conversation_id: "c2" };
  expect(ofUnanswered({ ...group, reply })).toMatchObject({
    conversation: "c2",
    draft: "Yes, on Tuesdays.",
    said: { by: "Anna", text: "Yes, on Tuesdays." },
  });
});

test("a low-rated answer is shown and not suggested again", () => {
  const entry = ofRated({
    id: "m1",
    conversation_id: "c1",
    channel: "telegram",
    question: "Warranty?",
    answer: "Two years.",
    at: group.last_at,
  });
  expect(entry.draft).toBe("");
  expect(entry.said?.text).toBe("Two years.");
});

test("j and k stop at both ends, and begin at the first", () => {
  const [one, two] = [ofUnanswered(group), ofUnanswered({ ...group, id: "g2" })];
  expect(moved([one, two], undefined, 1)?.id).toBe("g1");
  expect(moved([one, two], "g1", 1)?.id).toBe("g2");
  expect(moved([one, two], "g2", 1)?.id).toBe("g2");
  expect(moved([one, two], "g1", -1)?.id).toBe("g1");
  expect(moved([], "g1", 1)).toBeUndefined();
});

test("a question of several lines is one line of the form", () => {
  expect(asLine("Hello \n do you ship?\n")).toBe("Hello do you ship?");
});
