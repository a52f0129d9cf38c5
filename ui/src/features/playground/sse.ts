// Server-sent events read from a fetch, because an EventSource can only GET (WHATWG HTML, 9.2.6).

/** One event as it was sent. */
export type ServerEvent = { name: string; data: string };

/** Cuts text into events; feed it pieces as they come, however they were cut on their way. */
export class EventCutter {
  #rest = "";
  #name = "";
  #data: string[] = [];

  /** The events that are complete with this piece. */
  feed(piece: string): ServerEvent[] {
    const events: ServerEvent[] = [];
    const text = this.#rest + piece;
    // A carriage return at the end may be half of a CRLF: it waits for the next piece.
    const held = text.endsWith("\r") ? 1 : 0;
    const lines = text.slice(0, text.length - held).split(/\r\n|\n|\r/);
    this.#rest = (lines.pop() ?? "") + text.slice(text.length - held);
    for (const line of lines) {
      const event = this.#line(line);
      if (event) events.push(event);
    }
    return events;
  }

  #line(line: string): ServerEvent | undefined {
    if (line === "") {
      const event = { name: this.#name || "message", data: this.#data.join("\n") };
      const isEvent = this.#data.length > 0;
      this.#name = "";
      this.#data = [];
      return isEvent ? event : undefined;
    }
    const colon = line.indexOf(":");
    if (colon === 0) return undefined;
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") this.#name = value;
    if (field === "data") this.#data.push(value);
    return undefined;
  }
}

/** The events of a response's body, until it ends. */
export async function* serverEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const cutter = new EventCutter();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield* cutter.feed(decoder.decode(value, { stream: true }));
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
