// Opens a PDF and closes it again; the chunk that pdf.js comes with.

import { type ReactNode, useEffect, useState } from "react";
import { Failure } from "./Failure";
import { PdfView } from "./PdfView";
import { openPdf, type Pdf } from "./pdf";
import type { Place } from "./place";
import { Skeleton } from "./Skeleton";

type Props = { url: string; place: Place; actions: ReactNode; download: string; onText: () => void };

export default function PdfDocument({ url, place, actions, download, onText }: Props) {
  const [pdf, setPdf] = useState<Pdf>();
  const [error, setError] = useState<unknown>();
  const [attempt, setAttempt] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt opens the same file again.
  useEffect(() => {
    let isWanted = true;
    let close: (() => void) | undefined;
    setError(undefined);
    openPdf(url).then(
      (opened) => {
        if (!isWanted) return opened.close();
        close = opened.close;
        setPdf(opened.pdf);
      },
      (reason: unknown) => isWanted && setError(reason ?? new Error("pdf")),
    );
    return () => {
      isWanted = false;
      close?.();
      setPdf(undefined);
    };
  }, [url, attempt]);

  if (error !== undefined) {
    const retry = () => setAttempt((count) => count + 1);
    return <Failure error={error} onRetry={retry} download={download} onText={onText} />;
  }
  return pdf ? <PdfView pdf={pdf} place={place} actions={actions} /> : <Skeleton />;
}
