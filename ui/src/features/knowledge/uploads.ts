/** Files on their way in: each is a row from the moment it is dropped. Lives outside the page, so leaving it stops nothing. */
import { useSyncExternalStore } from "react";
import { cache } from "../../api/cache";
import { api } from "../../api/client";
import { ApiProblem } from "../../api/problem";
import { sendFile } from "../../api/upload";
import { tellIsHere } from "./isHere";

export interface Upload {
  key: number;
  file: File;
  state: "queued" | "sending" | "failed";
  /** 0..1 of the file has been sent. */
  part: number;
  error?: unknown;
  /** The document that could not be read and that this file takes the place of. */
  instead?: string | undefined;
}

/** Files sent at the same time. */
const LANES = 3;
/** Bytes; the program refuses larger files. */
const LARGEST = 200 * 1024 * 1024;

let uploads: readonly Upload[] = [];
let nextKey = 1;
const sendings = new Map<number, ReturnType<typeof sendFile>>();
const listeners = new Set<() => void>();

export function useUploads(): readonly Upload[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => uploads,
  );
}

export function addFiles(files: readonly File[], instead?: string): void {
  const fresh = files.map((file): Upload => {
    const key = nextKey++;
    if (file.size > LARGEST)
      return { key, file, state: "failed", part: 0, error: new ApiProblem("too_large", 413) };
    return { key, file, state: "queued", part: 0, instead };
  });
  change([...fresh, ...uploads]);
  pump();
}

export function sendAgain(key: number): void {
  update(key, { state: "queued", part: 0, error: undefined });
  pump();
}

/** Stops the upload if it is under way, and takes it off the list. */
export function dismiss(key: number): void {
  sendings.get(key)?.stop();
  change(uploads.filter((upload) => upload.key !== key));
}

function pump(): void {
  for (const upload of uploads.filter((one) => one.state === "queued").slice(0, LANES - sendings.size)) {
    void send(upload);
  }
}

async function send({ key, file, instead }: Upload): Promise<void> {
  update(key, { state: "sending" });
  const sending = sendFile(file, (part) => update(key, { part }));
  sendings.set(key, sending);
  try {
    const { same, document } = await sending.done;
    if (instead && instead !== document.id) {
      // One of the same name is gone already; what stays in the list can be removed by hand.
      await api.DELETE("/api/documents/{id}", { params: { path: { id: instead } } }).catch(() => undefined);
    }
    // The row of the upload stays until the row of its document is there.
    await cache.invalidateQueries({ queryKey: ["documents"] });
    change(uploads.filter((upload) => upload.key !== key));
    if (same) tellIsHere(file.name, document);
    void cache.invalidateQueries({ queryKey: ["status"] });
  } catch (error) {
    update(key, { state: "failed", error });
  } finally {
    sendings.delete(key);
    pump();
  }
}

function update(key: number, to: Partial<Upload>): void {
  change(uploads.map((upload) => (upload.key === key ? { ...upload, ...to } : upload)));
}

function change(to: readonly Upload[]): void {
  uploads = to;
  for (const listener of listeners) listener();
}

addEventListener("beforeunload", (event) => {
  if (sendings.size > 0) event.preventDefault();
});
