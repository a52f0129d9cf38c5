import { expect, it } from "vitest";
import { EventCutter, type ServerEvent, serverEvents } from "./sse";

const WIRE =
  ': keep alive\n\nevent: received\ndata: {"message_id":"1"}\n\nevent: text\r\ndata: {"text":"Да"}\r\n\r\n' +
  "event: text\ndata: two\ndata:lines\n\n";

const EVENTS = [
  { name: "received", data: '{"message_id":"1"}' },
  { name: "text", data: '{"text":"Да"}' },
  { name: "text", data: "two\nlines" },
];

it("events are the same however the stream was cut", () => {
  for (let size = 1; size <= WIRE.length; size += 1) {
    const cutter = new EventCutter();
    const events: ServerEvent[] = [];
    for (let at = 0; at < WIRE.length; at += size) events.push(...cutter.feed(WIRE.slice(at, at + size)));
    expect(events, `pieces of ${size}`).toEqual(EVENTS);
  }
});

it("an event without an end is not an event", () => {
  expect(new EventCutter().feed("event: done\ndata: {}\n")).toEqual([]);
});

it("letters cut in the middle of their bytes arrive whole", async () => {
  const bytes = new TextEncoder().encode(WIRE);
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
      controller.close();
    },
  });
  const events: ServerEvent[] = [];
  for await (const event of serverEvents(body)) events.push(event);
  expect(events).toEqual(EVENTS);
});
