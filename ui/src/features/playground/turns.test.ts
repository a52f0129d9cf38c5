import { describe, expect, it } from "vitest";
import { type Action, isOpen, next, type Turn } from "./turns";
import type { Message } from "./wire";

const at = "2026-11-22T10:00:00Z";

function message(fields: Partial<Message>): Message {
  return {
    id: "a1",
    conversation_id: "c1",
    seq: 2,
    author: "assistant",
    text: "Two years. [1]",
    outcome: "answered",
    citations: [],
    engine: "quotes",
    answered_by: null,
    operator: "",
    attachments: [],
    rating: null,
    delivery: null,
    edited_at: null,
    created_at: at,
    ...fields,
  };
}

function life(...actions: Action[]): Turn[] {
  return actions.reduce<Turn[]>((turns, action) => next(turns, action), []);
}

const asked: Action = { type: "asked", key: "k", question: "How long is the warranty?", at };
const received: Action = { type: "received", key: "k", questionId: "q1" };
const answer = message({});

describe("a question", () => {
  it("stands on the page at once", () => {
    expect(life(asked)).toMatchObject([
      { question: "How long is the warranty?", state: "sending", draft: "" },
    ]);
  });

  it("collects words as they come, and the kept answer replaces them", () => {
    const text = (words: string): Action => ({ type: "text", key: "k", text: words });
    expect(life(asked, received, text("Two "), text("years"))[0]).toMatchObject({
      state: "answering",
      draft: "Two years",
    });
    expect(life(asked, received, text("Tw"), { type: "done", key: "k", answer })[0]).toMatchObject({
      state: "done",
      draft: "",
      answer: { text: "Two years. [1]" },
    });
  });

  it("starts its words anew when another message joined it", () => {
    const turns = life(
      asked,
      received,
      { type: "text", key: "k", text: "old" },
      { type: "restarted", key: "k" },
    );
    expect(turns[0]).toMatchObject({ draft: "", state: "answering" });
  });

  it("takes no more words after a stop, but does take the kept answer", () => {
    const stopped = life(
      asked,
      received,
      { type: "text", key: "k", text: "Two" },
      { type: "stopped", key: "k" },
    );
    const more = next(stopped, { type: "text", key: "k", text: " years" });
    expect(more[0]).toMatchObject({ state: "stopped", draft: "Two" });
    expect(next(more, { type: "lost", key: "k" })[0]?.state).toBe("stopped");
    expect(next(more, { type: "done", key: "k", answer })[0]?.state).toBe("done");
  });

  it("is not changed by what comes after its answer", () => {
    const done = life(asked, received, { type: "done", key: "k", answer });
    expect(next(done, { type: "lost", key: "k" })).toEqual(done);
    expect(next(done, { type: "failed", key: "k", code: "internal" })).toEqual(done);
  });

  it("keeps why it failed until it is asked again", () => {
    const failed = life(asked, { type: "failed", key: "k", code: "busy" });
    expect(failed[0]).toMatchObject({ state: "failed", code: "busy" });
    expect(next(failed, { type: "again", key: "k" })[0]).toMatchObject({
      state: "sending",
      code: undefined,
    });
  });

  it("leaves the page when it is taken back", () => {
    expect(life(asked, { type: "withdrawn", key: "k" })).toEqual([]);
  });

  it("is open while words may come", () => {
    expect(life(asked).map(isOpen)).toEqual([true]);
    expect(life(asked, { type: "lost", key: "k" }).map(isOpen)).toEqual([true]);
    expect(life(asked, { type: "stopped", key: "k" }).map(isOpen)).toEqual([true]);
    expect(life(asked, { type: "failed", key: "k", code: "busy" }).map(isOpen)).toEqual([false]);
  });
});

describe("an earlier conversation", () => {
  const question = (id: string, answered_by: string | null) =>
    message({ id, author: "contact", text: id, outcome: null, answered_by });

  it("shows each answer under its question", () => {
    const turns = life({ type: "opened", messages: [question("q1", "a1"), answer] });
    expect(turns).toMatchObject([{ question: "q1", state: "done", answer: { id: "a1" } }]);
  });

  it("shows one answer to two messages once, under the second", () => {
    const turns = life({ type: "opened", messages: [question("q1", "a1"), question("q2", "a1"), answer] });
    expect(turns.map((turn) => turn.answer?.id)).toEqual([undefined, "a1"]);
    expect(turns.map((turn) => turn.state)).toEqual(["done", "done"]);
  });

  it("looks for an answer that did not come yet", () => {
    expect(life({ type: "opened", messages: [question("q1", null)] }).map(isOpen)).toEqual([true]);
  });
});
