/** A small server that speaks the OpenAI protocol on loopback; the model's name chooses how it behaves. */
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export const KEY = "sk-test-0123456789";

export interface FakeEngine {
  /** The address for Settings. */
  url: string;
  /** Resolves when a caller goes away in the middle of an answer. */
  left: Promise<void>;
  stop: () => void;
}

export async function fakeEngine(): Promise<FakeEngine> {
  let leave = () => {};
  const left = new Promise<void>((resolve) => {
    leave = resolve;
  });
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const part of request) text += part;
    if (request.headers.authorization !== `Bearer ${KEY}`) return refuse(response, 401, "wrong key");
    const { model } = JSON.parse(text) as { model: string };
    if (model === "missing") return refuse(response, 404, "model 'missing' not found");
    response.writeHead(200, { "content-type": "text/event-stream" });
    piece(response, "The first words of an answer ");
    if (model === "endless") return void response.on("close", leave);
    response.end("data: [DONE]\n\n");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const stop = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${port}/v1`, left, stop };
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify({ error: { message } }));
}

function piece(response: ServerResponse, content: string): void {
  response.write(`data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`);
}
