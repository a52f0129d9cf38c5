// Opens PDF files with pdf.js, which is loaded when the first one is looked at and never before.

import assets from "virtual:pdf-assets";
import type { PDFDocumentProxy } from "pdfjs-dist";

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
  const [pdfjs, worker] = await Promise.all([
    import("pdfjs-dist/legacy/build/pdf.mjs"),
    import("pdfjs-dist/legacy/build/pdf.worker.min.mjs?url"),
  ]);
  pdfjs.GlobalWorkerOptions.workerSrc = worker.default;
  return pdfjs;
}

/** Opens the PDF at `url`, an address of our own. Pages are fetched as they are needed. */
export async function openPdf(url: string): Promise<{ pdf: Pdf; close: () => void }> {
  const pdfjs = await pdfLibrary();
  const task = pdfjs.getDocument({
    url,
    withCredentials: true,
    // The content security policy has no wasm-unsafe-eval: pictures are decoded by the plain fallbacks.
    useWasm: false,
    wasmUrl: `${assets}decoders/`,
    cMapUrl: `${assets}cmaps/`,
    disableWorkerRendering: true,
    enableXfa: false,
  });
  return { pdf: await task.promise, close: () => void task.destroy() };
}

/** The text of a page (from 0), cut as pdf.js cuts it. */
export async function pieces(pdf: Pdf, page: number): Promise<string[]> {
  const content = await (await pdf.getPage(page + 1)).getTextContent();
  return content.items.flatMap((item) => ("str" in item ? [item.str] : []));
}
