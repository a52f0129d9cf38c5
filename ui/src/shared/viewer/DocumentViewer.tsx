// Shows a document where a quote stands: a PDF as it looks or as it was read, other formats as they were read.

import { useQuery } from "@tanstack/react-query";
import { Download, FileText, ScanText } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { documentQuery, documentTextQuery } from "../../api/queries";
import { Failure } from "./Failure";
import { originalUrl } from "./load";
import type { Place } from "./place";
import { Skeleton } from "./Skeleton";
import { TextView } from "./TextView";
import css from "./viewer.module.css";
import { useWords } from "./words";

// pdf.js is large and most documents are not PDFs: it comes in a chunk of its own.
const PdfDocument = lazy(() => import("./PdfDocument"));

type Props = { documentId: string; place?: Place };
type Face = "original" | "text";

const NOWHERE: Place = {};

export function DocumentViewer({ documentId, place = NOWHERE }: Props) {
  const [face, setFace] = useState<Face>("original");
  const document = useQuery(documentQuery(documentId));

  if (document.isError && !document.data)
    return <Failure error={document.error} onRetry={() => void document.refetch()} />;
  if (!document.data) return <Skeleton />;
  const { media_type: mediaType, name } = document.data;
  const isPdf = mediaType === "application/pdf";
  const actions = (
    <Actions documentId={documentId} name={name} face={isPdf ? face : undefined} onFace={setFace} />
  );
  return (
    <div className={css.viewer}>
      {isPdf && face === "original" ? (
        <Suspense fallback={<Skeleton />}>
          <PdfDocument
            key={documentId}
            url={originalUrl(documentId, "inline")}
            place={place}
            actions={actions}
            download={originalUrl(documentId)}
            onText={() => setFace("text")}
          />
        </Suspense>
      ) : (
        <BlocksView documentId={documentId} place={place} actions={actions} />
      )}
    </div>
  );
}

function BlocksView({
  documentId,
  place,
  actions,
}: {
  documentId: string;
  place: Place;
  actions: React.ReactNode;
}) {
  const t = useWords();
  const blocks = useQuery(documentTextQuery(documentId));
  return (
    <>
      <div className={css.toolbar} role="toolbar" aria-label={t("viewer.tools")}>
        <span className={css.hint}>{t("viewer.as_read")}</span>
        <span className={css.gap} />
        {actions}
      </div>
      {blocks.isError && (
        <Failure
          error={blocks.error}
          onRetry={() => void blocks.refetch()}
          download={originalUrl(documentId)}
        />
      )}
      {blocks.isPending && <Skeleton />}
      {blocks.data?.length === 0 && <p className={css.empty}>{t("viewer.no_text")}</p>}
      {blocks.data && blocks.data.length > 0 && (
        <TextView key={documentId} blocks={blocks.data} place={place} />
      )}
    </>
  );
}

type ActionsProps = {
  documentId: string;
  name: string;
  face: Face | undefined;
  onFace: (face: Face) => void;
};

function Actions({ documentId, name, face, onFace }: ActionsProps) {
  const t = useWords();
  const other = face === "text" ? "original" : "text";
  const label = face === "text" ? t("viewer.show_original") : t("viewer.show_text");
  return (
    <>
      {face && (
        <button
          type="button"
          className={css.tool}
          onClick={() => onFace(other)}
          aria-label={label}
          title={label}
        >
          {face === "text" ? (
            <FileText size={16} strokeWidth={1.5} aria-hidden />
          ) : (
            <ScanText size={16} strokeWidth={1.5} aria-hidden />
          )}
        </button>
      )}
      <a
        className={css.tool}
        href={originalUrl(documentId)}
        download={name}
        aria-label={t("viewer.download")}
        title={t("viewer.download")}
      >
        <Download size={16} strokeWidth={1.5} aria-hidden />
      </a>
    </>
  );
}
