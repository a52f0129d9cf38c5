/** Sends a file with progress, which fetch cannot tell. */
import { ApiProblem, problemOf } from "./problem";
import type { Document } from "./types";

interface Sending<Stored> {
  done: Promise<Stored>;
  stop: () => void;
}

/** The stored document; `same` when it was here already. @param progress gets 0..1 */
export function sendFile(file: File, progress: (part: number) => void) {
  return send<{ document: Document; same: boolean }>("/api/documents", file, progress);
}

/** The name under which the model is installed. @param progress gets 0..1 */
export function sendModel(file: File, progress: (part: number) => void) {
  return send<{ name: string }>("/api/models", file, progress);
}

function send<Stored>(path: string, file: File, progress: (part: number) => void): Sending<Stored> {
  const request = new XMLHttpRequest();
  const done = new Promise<Stored>((resolve, reject) => {
    request.open("POST", path);
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
