// What the Playground asks the API for.

import { queryOptions } from "@tanstack/react-query";
import { api, take } from "../../api/client";
import { ApiProblem, problemOf } from "../../api/problem";
import { serverEvents } from "./sse";
import type { Conversation, Message, Step } from "./wire";

/** Conversations of the Playground, the latest first; one without a question has nothing to show. */
export const earlierQuery = queryOptions({
  queryKey: ["conversations", "earlier"],
  queryFn: async ({ signal }) => {
    const query = { channel: "playground" as const, limit: 50 };
    const page = await take(api.GET("/api/conversations", { params: { query }, signal }));
    return page.items.filter((conversation) => conversation.title !== "");
  },
});

export const conversationQuery = (id: string) =>
  queryOptions({
    queryKey: ["conversations", id],
    queryFn: ({ signal }) => take(api.GET("/api/conversations/{id}", { params: { path: { id } }, signal })),
  });

/** The last messages of a conversation, oldest first. */
export async function messages(id: string, signal: AbortSignal): Promise<Message[]> {
  const params = { path: { id }, query: { limit: 200 } };
  return (await take(api.GET("/api/conversations/{id}/messages", { params, signal }))).items;
}

export function startConversation(assistantId: string): Promise<Conversation> {
  return take(api.POST("/api/conversations", { body: { assistant_id: assistantId } }));
}

/** Stops the answer to a question; gives the message that stands, which is the whole answer where it was faster. */
export async function stopAnswer(conversationId: string, questionId: string): Promise<Message> {
  const params = { path: { id: conversationId } };
  const body = { message_id: questionId };
  return (await take(api.POST("/api/conversations/{id}/stop", { params, body }))).message;
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
  const { data, error, response } = await api.POST("/api/conversations/{id}/messages", {
    params: { path: { id: conversationId } },
    body: { text: question, external_id: key },
    headers: { accept: "text/event-stream" },
    parseAs: "stream",
    signal,
  });
  if (!response.ok) throw problemOf(error, response.status);
  if (!data) throw new ApiProblem("unreachable", 0);
  for await (const event of serverEvents(data as ReadableStream<Uint8Array>)) {
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
