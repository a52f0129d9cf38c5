import { expect, test } from "vitest";
import type { Message } from "../../features/inbox/wire";
import { lastExchange } from "./exchange";

const said = (seq: number, author: Message["author"], created_at: string): Message => ({
  id: String(seq),
  conversation_id: "c",
  seq,
  author,
  text: "",
  outcome: null,
  citations: [],
  engine: "",
  operator: "",
  rating: null,
  attachments: [],
  answered_by: null,
  delivery: null,
  edited_at: null,
  created_at,
});

test("the last question is told with its answer and how long it took", () => {
  const messages = [
    said(1, "contact", "2026-11-26T10:00:00Z"),
    said(2, "assistant", "2026-11-26T10:00:01Z"),
    said(3, "contact", "2026-11-26T10:05:00Z"),
    said(4, "assistant", "2026-11-26T10:05:00.4Z"),
  ];
  expect(lastExchange(messages)).toMatchObject({ asked: { seq: 3 }, answered: { seq: 4 }, took: 400 });
  expect(lastExchange(messages.slice(0, 3))).toMatchObject({ asked: { seq: 3 }, answered: undefined });
  expect(lastExchange([])).toBeUndefined();
});
