/** A small web site on loopback whose pages are set by hand. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface Web {
  /** Where it begins, with a slash at the end. */
  address: string;
  pages: Record<string, string>;
  stop: () => void;
}

export function startWeb(pages: Record<string, string>): Promise<Web> {
  const server = createServer((asked, reply) => {
    const page = pages[asked.url ?? ""];
    reply.writeHead(page === undefined ? 404 : 200, { "content-type": "text/html; charset=utf-8" });
    reply.end(page ?? "");
  });
  return new Promise((resolve, reject) => {
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      resolve({ address: `http://127.0.0.1:${port}/`, pages, stop: () => void server.close() });
    });
  });
}
