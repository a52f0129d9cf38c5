import { expect, test } from "vitest";
import { type Entry, timeline } from "./timeline";
import type { Handoff, Message, Note, Transition } from "./wire";

const dayOf = (time: string) => time.slice(0, 10);

function said(seq: number, at: string, author: Message["author"] = "contact"): Message {
  return {
    id: `m${seq}`,
    conversation_id: "c",
    engine: "",
    answered_by: null,
    seq,
    author,
    operator: "",
    text: "",
    citations: [],
    outcome: null,
    edited_at: null,
    attachments: [],
    rating: null,
    delivery: null,
    created_at: at,
  };
}

const ann = { name: "Ann", member_id: "m1", remote_id: null };
const note = (at: string): Note => ({ id: `n${at}`, by: ann, text: "", created_at: at });
const nobody = {} as Handoff;
const took = (at: string): Transition => ({
  from: nobody,
  to: nobody,
  act: "take",
  by: "operator",
  operator: ann,
  at,
});

const kinds = (entries: readonly Entry[]) => entries.map(({ kind }) => kind);

test("notes and what happened stand between the messages where they belong, under their days", () => {
  const entries = timeline(
    [said(1, "2026-11-24T10:00:00Z"), said(2, "2026-11-25T09:00:00Z")],
    [note("2026-11-25T09:05:00Z")],
    [took("2026-11-24T10:30:00Z")],
    [],
    false,
    dayOf,
  );
  expect(kinds(entries)).toEqual(["day", "message", "event", "day", "message", "note"]);
});

test("what an operator takes by a reply is taken before it, what a customer asks for is asked first", () => {
  const at = "2026-11-24T10:00:00Z";
  const asked: Transition = { ...took(at), act: "customer_asks", by: "contact", operator: null };
  expect(kinds(timeline([said(1, at, "member")], [], [took(at)], [], false, dayOf))).toEqual([
    "day",
    "event",
    "message",
  ]);
  expect(kinds(timeline([said(1, at)], [], [asked], [], false, dayOf))).toEqual(["day", "message", "event"]);
});

test("what is older than the messages that are loaded waits for them", () => {
  const loaded = [said(200, "2026-11-25T09:00:00Z")];
  const older = [took("2026-11-24T10:30:00Z")];
  expect(kinds(timeline(loaded, [], older, [], true, dayOf))).toEqual(["day", "message"]);
  expect(kinds(timeline(loaded, [], older, [], false, dayOf))).toEqual(["day", "event", "day", "message"]);
});

test("messages of one writer go together until something comes between or time goes by", () => {
  const entries = timeline(
    [
      said(1, "2026-11-25T09:00:00Z"),
      said(2, "2026-11-25T09:01:00Z"),
      said(3, "2026-11-25T09:02:00Z", "assistant"),
      said(4, "2026-11-25T09:30:00Z", "assistant"),
    ],
    [],
    [],
    [],
    false,
    dayOf,
  );
  const firsts = entries.flatMap((entry) => (entry.kind === "message" ? [entry.isFirst] : []));
  expect(firsts).toEqual([true, false, true, true]);
});

test("messages keep the order of their numbers, whatever their clocks say", () => {
  const entries = timeline(
    [said(1, "2026-11-25T09:00:10Z"), said(2, "2026-11-25T09:00:05Z")],
    [],
    [],
    [],
    false,
    dayOf,
  );
  expect(entries.flatMap((entry) => (entry.kind === "message" ? [entry.message.seq] : []))).toEqual([1, 2]);
});
