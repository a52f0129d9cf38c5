/** Starts the real program with empty data on a free port, and stops it. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

export interface Program {
  /** `http://127.0.0.1:port` */
  url: string;
  /** The link for the first owner. */
  enter: string;
  /** The newest of what it printed, for a story that failed. */
  lastWords: () => string;
  stop: () => Promise<void>;
}

const named = process.env.CHATAI_BIN;
const binary = resolve(named ?? join(import.meta.dirname, "../../target/debug/chatai"));

/** With the key in the data folder, unless it is to lie beside it, where it belongs. */
export async function start(key: "in data" | "beside" = "in data"): Promise<Program> {
  if (!existsSync(binary)) {
    throw new Error(`there is no program at ${binary}: build it, or name it in CHATAI_BIN`);
  }
  const data = mkdtempSync(join(tmpdir(), "chatai-e2e-"));
  const keyFile = `${data}.key`;
  const where = key === "beside" ? ["--key-file", keyFile] : ["--key-in-data"];
  const child = spawn(binary, ["serve", "--listen", "127.0.0.1:0", "--data", data, ...where], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  const listen = (piece: Buffer) => {
    said = (said + piece.toString()).slice(-4_000);
  };
  child.stdout?.on("data", listen);
  child.stderr?.on("data", listen);
  const { url, enter } = await addresses(child);
  const stop = async () => {
    const ended = new Promise((done) => child.once("exit", done));
    child.kill("SIGTERM");
    await ended;
    rmSync(data, { recursive: true, force: true });
    rmSync(keyFile, { force: true });
  };
  return { url, enter, lastWords: () => said, stop };
}

/** Reads what the program prints until it has told both addresses. */
function addresses(child: ChildProcess): Promise<{ url: string; enter: string }> {
  return new Promise((resolve, reject) => {
    let said = "";
    const listen = (piece: Buffer) => {
      said += piece.toString();
      const enter = /(http:\/\/[^\s/]+)\/enter#\S+/.exec(said);
      if (enter?.[1]) resolve({ url: enter[1], enter: enter[0] });
    };
    child.stdout?.on("data", listen);
    child.stderr?.on("data", listen);
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the program ended with ${code}:\n${said}`)));
  });
}
