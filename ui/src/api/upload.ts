/** Sends a file with progress, which fetch cannot tell. */
import { ApiProblem, problemOf } from "./problem";
import type { Document } from "./types";

export interface Sending {
  /** The stored document; `same` when it was here already. */
  done: Promise<{ document: Document; same: boolean }>;
  stop: () => void;
}

/** @param progress gets 0..1 */
export function sendFile(file: File, progress: (part: number) => void): Sending {
  const request = new XMLHttpRequest();
  const done = new Promise<{ document: Document; same: boolean }>((resolve, reject) => {
    request.open("POST", "/api/documents");
    request.setRequestHeader("x-chatai", "1");
    request.responseType = "json";
    request.upload.onprogress = (event) => progress(event.total > 0 ? event.loaded / event.total : 0);
    request.onerror = () => reject(new ApiProblem("unreachable", 0));
    request.onabort = () => reject(new DOMException("stopped", "AbortError"));
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) resolve(request.response);
      else reject(problemOf(request.response, request.status));
    };
    const form = new FormData();
    form.append("file", file, file.name);
    request.send(form);
  });
  return { done, stop: () => request.abort() };
}
