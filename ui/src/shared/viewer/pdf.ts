// Opens PDF files with pdf.js, which is loaded when the first one is looked at and never before.

import assets from "virtual:pdf-assets";
import type { PDFDocumentProxy } from "pdfjs-dist";
import workerUrl from "pdfjs-dist/legacy/build/pdf.worker.min.mjs?url";

export type PdfLibrary = typeof import("pdfjs-dist");
export type Pdf = PDFDocumentProxy;

let library: Promise<PdfLibrary> | undefined;

/** pdf.js in its build for older browsers: the desktop window is WebKitGTK. */
export function pdfLibrary(): Promise<PdfLibrary> {
  library ??= load().catch((reason: unknown) => {
    library = undefined;
    throw reason;
  });
  return library;
}

async function load(): Promise<PdfLibrary> {
  return import("pdfjs-dist/legacy/build/pdf.mjs");
}

/**
 * Opens the PDF at `url`, an address of our own. Pages are fetched as they are needed. Each document has a
 * worker of its own, which goes with it and takes its memory along.
 */
export async function openPdf(url: string): Promise<{ pdf: Pdf; close: () => void }> {
  const pdfjs = await pdfLibrary();
  const port = new Worker(trusted(workerUrl), { type: "module" });
  const worker = pdfjs.PDFWorker.create({ port });
  const task = pdfjs.getDocument({
    url,
    worker,
    withCredentials: true,
    // The content security policy has no wasm-unsafe-eval: pictures are decoded by the plain fallbacks.
    useWasm: false,
    wasmUrl: `${assets}decoders/`,
    cMapUrl: `${assets}cmaps/`,
    disableWorkerRendering: true,
    enableXfa: false,
  });
  const close = () => {
    void task.destroy().finally(() => {
      worker.destroy();
      port.terminate();
    });
  };
  try {
    return { pdf: await task.promise, close };
  } catch (reason) {
    close();
    throw reason;
  }
}

type Policy = { createScriptURL: (url: string) => string };
type Factory = { createPolicy: (name: string, rules: Policy) => Policy };

let policy: Policy | undefined;

/** The address as Trusted Types ask for it, where the browser and the policy of the page have them. */
function trusted(url: string): string {
  const factory = (globalThis as { trustedTypes?: Factory }).trustedTypes;
  policy ??= factory?.createPolicy("pdf-worker", { createScriptURL: (address) => address });
  return policy?.createScriptURL(url) ?? url;
}

/** The text of a page (from 0), cut as pdf.js cuts it. */
export async function pieces(pdf: Pdf, page: number): Promise<string[]> {
  const content = await (await pdf.getPage(page + 1)).getTextContent();
  return content.items.flatMap((item) => ("str" in item ? [item.str] : []));
}
