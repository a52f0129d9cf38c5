/** What the assistant would do with what was found: its confidence on a line with the threshold marked. */
import { CircleCheck, CircleMinus } from "lucide-react";
import type { SearchFound } from "../../api/types";
import { useFormat } from "../../i18n/format";
import styles from "./Search.module.css";
import { useWords } from "./words";

export function Verdict({
  found,
  threshold,
  name,
}: {
  found: SearchFound;
  /** Confidence (0..1) below which the assistant refuses. */
  threshold: number;
  name: string | undefined;
}) {
  const say = useWords();
  const format = useFormat();
  const { confidence, took_ms, embed_ms, hits } = found;
  const isSure = hits.length > 0 && confidence >= threshold;
  const values = { confidence: format.percent(confidence), threshold: format.percent(threshold) };
  const Icon = isSure ? CircleCheck : CircleMinus;
  const who = name ?? say("search.assistant");
  const took =
    embed_ms > 0
      ? say("search.took", { took: format.duration(took_ms), embed: format.duration(embed_ms) })
      : say("search.tookWords", { took: format.duration(took_ms) });
  const language = format.language(found.language);
  return (
    <section
      className={isSure ? `${styles.verdict} ${styles.sure}` : styles.verdict}
      aria-label={say("search.verdict")}
    >
      <p className={styles.decision} role="status">
        <Icon size={20} strokeWidth={1.5} aria-hidden="true" />
        <span>
          <strong>{isSure ? say("search.sure", { name: who }) : say("search.unsure", { name: who })}</strong>{" "}
          {isSure ? say("search.above", values) : say("search.below", values)}
        </span>
      </p>
      <Scale confidence={confidence} threshold={threshold} />
      <dl className={styles.facts}>
        <div>
          <dt>{say("search.language")}</dt>
          <dd>{language || say("search.languageUnknown")}</dd>
        </div>
        <div>
          <dt>{say("search.time")}</dt>
          <dd className="numbers">{took}</dd>
        </div>
      </dl>
    </section>
  );
}

/** A line from 0 to 100 %, filled up to the confidence, with a mark at the threshold. */
function Scale({ confidence, threshold }: { confidence: number; threshold: number }) {
  const say = useWords();
  const format = useFormat();
  const part = (value: number) => Math.min(1, Math.max(0, value)) * 100;
  return (
    <div className={styles.scale}>
      <svg
        className={styles.line}
        viewBox="0 0 100 6"
        preserveAspectRatio="none"
        role="img"
        aria-label={say("search.confidence", {
          confidence: format.percent(confidence),
          threshold: format.percent(threshold),
        })}
      >
        <rect className={styles.track} width="100" height="6" />
        <rect className={styles.fill} width={part(confidence)} height="6" />
      </svg>
      <span className={styles.mark} style={{ insetInlineStart: `${part(threshold)}%` }} aria-hidden="true" />
      <span className={styles.needed} aria-hidden="true">
        <span style={{ flexGrow: part(threshold) }} />
        <span>{say("search.thresholdMark", { threshold: format.percent(threshold) })}</span>
        <span style={{ flexGrow: 100 - part(threshold) }} />
      </span>
    </div>
  );
}
