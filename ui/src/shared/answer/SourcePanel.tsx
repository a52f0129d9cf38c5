/** A source in the panel: the words that prove the answer, and the document opened at them. */
import { useQuery } from "@tanstack/react-query";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { useMemo } from "react";
import { Link } from "wouter";
import { documentQuery } from "../../api/queries";
import { IconButton } from "../../design/Button";
import { useFormat } from "../../i18n/format";
import { DocumentViewer } from "../../shared/viewer/DocumentViewer";
import css from "./panel.module.css";
import type { SourceSide } from "./side";
import { useAnswerWords } from "./words";

type Props = { side: SourceSide; onSide: (side: SourceSide) => void };

export function SourcePanel({ side, onSide }: Props) {
  const t = useAnswerWords();
  const { places, index } = side;
  const source = places[index];
  const place = useMemo(
    () => ({ page: source?.page, quote: source?.quote, start: source?.start }),
    [source?.page, source?.quote, source?.start],
  );
  if (!source) return null;
  const step = (by: number) => onSide({ ...side, index: index + by });
  const where = [
    source.page === null ? "" : t("source.page", { page: String(source.page) }),
    ...source.headings,
  ].filter((part) => part !== "");
  return (
    <div className={css.source}>
      <div className={css.about}>
        <div className={css.titleRow}>
          <Link href={`/knowledge/documents/${source.document_id}`} title={t("source.open_document")}>
            {source.document_title}
          </Link>
          {places.length > 1 && (
            <>
              <span className={css.count}>
                {t("source.count", { number: index + 1, count: places.length })}
              </span>
              <IconButton
                size="small"
                label={t("source.previous")}
                icon={<ChevronLeft size={16} strokeWidth={1.5} />}
                disabled={index === 0}
                onClick={() => step(-1)}
              />
              <IconButton
                size="small"
                label={t("source.next")}
                icon={<ChevronRight size={16} strokeWidth={1.5} />}
                disabled={index === places.length - 1}
                onClick={() => step(1)}
              />
            </>
          )}
        </div>
        {source.address && (
          <p className={css.where}>
            <a href={source.address} target="_blank" rel="noreferrer">
              {source.address.replace(/^https?:\/\//, "")}
            </a>
          </p>
        )}
        {where.length > 0 && <p className={css.where}>{where.join(" › ")}</p>}
        <Age id={source.document_id} />
        <blockquote
          dir="auto"
          aria-label={source.number === undefined ? t("source.passage") : t("source.quoted")}
        >
          {source.quote}
        </blockquote>
      </div>
      <div className={css.document}>
        <DocumentViewer documentId={source.document_id} place={place} />
      </div>
    </div>
  );
}

/** How old the source is; that it was replaced meanwhile, where it was. */
function Age({ id }: { id: string }) {
  const t = useAnswerWords();
  const format = useFormat();
  const document = useQuery(documentQuery(id)).data;
  if (!document) return null;
  const day = format.day(document.created_at);
  return (
    <p className={css.where}>
      {document.replaced_by === null ? t("source.added", { day }) : t("source.replaced", { day })}
    </p>
  );
}
