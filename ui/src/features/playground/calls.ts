// What the Playground asks the API for.

import { ApiProblem, problemOf } from "../../api/problem";
import { serverEvents } from "./sse";
import type { Message, Step, Trace } from "./wire";

export type Assistant = { id: string; name: string; settings: { greeting: string; suggestions: string[] } };
export type Conversation = {
  id: string;
  assistant_id: string;
  title: string;
  created_at: string;
  last_at: string;
};

export async function assistants(signal: AbortSignal): Promise<Assistant[]> {
  const reply = (await json("/api/assistants", { signal })) as Assistant[] | { items: Assistant[] };
  return Array.isArray(reply) ? reply : reply.items;
}

export async function earlier(signal: AbortSignal): Promise<Conversation[]> {
  const reply = (await json("/api/conversations?channel=playground&limit=50", { signal })) as {
    items: Conversation[];
  };
  return reply.items.filter((conversation) => conversation.title !== "");
}

export async function conversation(id: string, signal: AbortSignal): Promise<Conversation> {
  return (await json(`/api/conversations/${id}`, { signal })) as Conversation;
}

export async function messages(id: string, signal?: AbortSignal): Promise<Message[]> {
  const reply = (await json(`/api/conversations/${id}/messages?limit=200`, { signal })) as {
    items: Message[];
  };
  return reply.items;
}

export async function trace(messageId: string, signal: AbortSignal): Promise<Trace> {
  return (await json(`/api/messages/${messageId}/trace`, { signal })) as Trace;
}

export async function startConversation(assistantId: string): Promise<Conversation> {
  return (await json("/api/conversations", write({ assistant_id: assistantId }))) as Conversation;
}

/** What comes while a question is answered, in the words of the API. */
export type Piece =
  | { name: "received"; message_id: string }
  | { name: "step"; step: Step }
  | { name: "text"; text: string }
  | { name: "restarted" }
  | { name: "done"; message: Message }
  | { name: "failed"; code: string };

/**
 * Asks a question and yields what comes, until the answer stands, it failed, or the connection broke. The
 * same `key` twice is one question: asking again after a broken connection goes on where it was.
 */
export async function* ask(
  conversationId: string,
  question: string,
  key: string,
  signal: AbortSignal,
): AsyncGenerator<Piece> {
  const request = write({ text: question, external_id: key });
  request.headers.set("accept", "text/event-stream");
  const response = await send(`/api/conversations/${conversationId}/messages`, { ...request, signal });
  if (!response.body) throw new ApiProblem("unreachable", 0);
  for await (const event of serverEvents(response.body)) {
    const piece = pieceOf(event.name, JSON.parse(event.data));
    if (piece) yield piece;
    if (piece?.name === "done" || piece?.name === "failed") return;
  }
}

// The data comes from our own API and is trusted to have the documented shape.
function pieceOf(name: string, data: unknown): Piece | undefined {
  switch (name) {
    case "received":
    case "text":
    case "done":
    case "failed":
    case "restarted":
      return { ...(data as object), name } as Piece;
    case "step":
      return { name, step: data as Step };
    default:
      return undefined;
  }
}

function write(body: unknown) {
  const headers = new Headers({ "content-type": "application/json", "x-chatai": "1" });
  return { method: "POST", headers, body: JSON.stringify(body) };
}

async function json(path: string, init: RequestInit): Promise<unknown> {
  return (await send(path, init)).json();
}

async function send(path: string, init: RequestInit): Promise<Response> {
  const response = await fetch(path, init).catch((reason: unknown) => {
    if (init.signal?.aborted) throw reason;
    throw new ApiProblem("unreachable", 0);
  });
  if (response.ok) return response;
  throw problemOf(await response.json().catch(() => undefined), response.status);
}
