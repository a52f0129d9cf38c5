/** Why an answer is what it is: the steps of the pipeline in words, with the passages that were found. */
import { useQuery } from "@tanstack/react-query";
import {
  BookOpenCheck,
  CircleGauge,
  CircleStop,
  Clock,
  Contact,
  Headset,
  Hourglass,
  Languages,
  type LucideIcon,
  MessageCircle,
  Mic,
  PenTool,
  Quote,
  Reply,
  Search,
  WandSparkles,
} from "lucide-react";
import { useState } from "react";
import { traceQuery } from "../../api/queries";
import { ErrorNote, Skeleton } from "../../design/Parts";
import { useFormat } from "../../i18n/format";
import css from "./panel.module.css";
import type { SourceSide } from "./side";
import { type Line, lineOf, type RankedHit } from "./trace";
import type { Step } from "./wire";
import { useAnswerWords } from "./words";

const ICONS: Record<Step["step"], LucideIcon> = {
  question: Languages,
  rule: MessageCircle,
  rewritten: WandSparkles,
  qa: BookOpenCheck,
  search: Search,
  threshold: CircleGauge,
  engine: PenTool,
  citations: Quote,
  heard: Mic,
  quoted: Reply,
  handoff: Headset,
  hours: Clock,
  contact: Contact,
  late: Hourglass,
  stopped: CircleStop,
};

type Props = { messageId: string; onOpen: (side: SourceSide) => void };

export function TracePanel({ messageId, onOpen }: Props) {
  const t = useAnswerWords();
  const { percent, language, duration } = useFormat();
  const kept = useQuery(traceQuery(messageId));
  if (kept.isError && !kept.data) {
    return (
      <div className={css.nothing}>
        <ErrorNote error={kept.error} onRetry={() => void kept.refetch()} />
      </div>
    );
  }
  if (!kept.data) {
    return (
      <div className={css.nothing} role="status" aria-label={t("trace.loading")}>
        <Skeleton lines={6} />
      </div>
    );
  }
  return (
    <div className={css.steps}>
      <ol>
        {kept.data.steps.map((step, index) => {
          const line = lineOf(step, t, percent, language);
          const Icon = ICONS[step.step];
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: the steps of a kept trace never change.
            <li key={index} className={css.step} data-mood={line.mood}>
              <Icon size={20} strokeWidth={1.5} aria-hidden />
              <h3>{line.title}</h3>
              <span className={css.took}>{line.took > 0 ? duration(line.took) : ""}</span>
              {line.detail && (
                <p className={css.detail} dir="auto">
                  {line.detail}
                </p>
              )}
              {line.scale && <Scale scale={line.scale} mood={line.mood} />}
              {line.hits && line.hits.length > 0 && (
                <Hits hits={line.hits} messageId={messageId} onOpen={onOpen} />
              )}
            </li>
          );
        })}
      </ol>
      <p className={css.total}>{t("trace.took", { time: duration(kept.data.total_ms) })}</p>
    </div>
  );
}

/** The confidence as a bar, the threshold as a line across it; the numbers stand in words above. */
function Scale({ scale, mood }: { scale: NonNullable<Line["scale"]>; mood: Line["mood"] }) {
  return (
    <div className={css.scale} aria-hidden="true">
      <span className={css.scaleFill} data-mood={mood} style={{ width: `${scale.value * 100}%` }} />
      <span className={css.scaleLine} style={{ insetInlineStart: `${scale.threshold * 100}%` }} />
    </div>
  );
}

/** Passages shown before the rest is asked for. */
const FEW = 4;

function Hits({
  hits,
  messageId,
  onOpen,
}: {
  hits: readonly RankedHit[];
  messageId: string;
  onOpen: Props["onOpen"];
}) {
  const t = useAnswerWords();
  const [isWhole, setWhole] = useState(false);
  const open = (hit: RankedHit) =>
    onOpen({
      kind: "source",
      messageId,
      index: 0,
      places: [
        {
          document_id: hit.document_id,
          document_title: hit.title,
          page: hit.page,
          headings: [],
          quote: hit.text,
          start: null,
        },
      ],
    });
  return (
    <>
      <ol className={css.hits} aria-label={t("trace.hits")}>
        {(isWhole ? hits : hits.slice(0, FEW)).map((hit) => (
          <li key={hit.passage_id}>
            <button type="button" className={css.hit} onClick={() => open(hit)}>
              <span className={css.place}>{hit.place}</span>
              <span className={css.hitTitle}>
                <span className={css.hitName}>{hit.title}</span>
                {hit.page !== null && (
                  <span className={css.hitPage}>{t("source.page_short", { page: String(hit.page) })}</span>
                )}
              </span>
              <span className={css.hitText} dir="auto">
                {hit.text}
              </span>
              <span className={css.bars}>
                <Bar part="words" share={hit.words} />
                <Bar part="meaning" share={hit.meaning} />
              </span>
            </button>
          </li>
        ))}
      </ol>
      {!isWhole && hits.length > FEW && (
        <button type="button" className={css.more} onClick={() => setWhole(true)}>
          {t("trace.more", { count: hits.length })}
        </button>
      )}
    </>
  );
}

function Bar({ part, share }: { part: "words" | "meaning"; share: number | null }) {
  const t = useAnswerWords();
  const { percent } = useFormat();
  return (
    <span className={css.bar}>
      <span>{t(`trace.${part}`)}</span>
      <span className={css.track} aria-hidden="true">
        <span className={css.fill} data-part={part} style={{ width: `${(share ?? 0) * 100}%` }} />
      </span>
      <span className="unseen">{share === null ? t("trace.not_by") : percent(share)}</span>
    </span>
  );
}
