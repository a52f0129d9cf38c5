/** A mail server on loopback that takes every letter. */
import { createServer, type Socket } from "node:net";

export interface Post {
  port: number;
  /** Letters in the order they came, soft line breaks undone. */
  letters: string[];
  stop: () => void;
}

export function startPost(): Promise<Post> {
  const letters: string[] = [];
  const server = createServer((line: Socket) => {
    let held = "";
    let isLetter = false;
    line.on("error", () => line.destroy());
    line.write("220 mail.test ESMTP\r\n");
    line.on("data", (piece) => {
      held += piece.toString();
      for (;;) {
        const end = isLetter ? held.indexOf("\r\n.\r\n") : held.indexOf("\r\n");
        if (end < 0) return;
        const told = held.slice(0, end);
        held = held.slice(end + (isLetter ? 5 : 2));
        if (isLetter) {
          letters.push(told.replaceAll("=\r\n", "").replaceAll("=3D", "="));
          isLetter = false;
          line.write("250 taken\r\n");
        } else if (told.startsWith("DATA")) {
          isLetter = true;
          line.write("354 go on\r\n");
        } else if (told.startsWith("QUIT")) {
          line.end("221 bye\r\n");
        } else {
          line.write("250 fine\r\n");
        }
      }
    });
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address ? address.port : 0;
      resolve({ port, letters, stop: () => server.close() });
    });
  });
}
