/** How far a document has come, in words: waiting, reading page 12 of 40, what is in it, why it failed. */
import { CircleCheck } from "lucide-react";
import type { Document } from "../../api/types";
import { Badge, ProgressLine } from "../../design/Parts";
import { Tip } from "../../design/Tip";
import { useFormat } from "../../i18n/format";
import styles from "./Row.module.css";
import { contents } from "./story";
import { useWords } from "./words";

export function DocumentStory({ document }: { document: Document }) {
  const say = useWords();
  const format = useFormat();
  const { state, failure, reading, report } = document;
  if (state === "failed" && failure) {
    return (
      <span className={styles.story}>
        <b>{say(`failure.${failure}.what`)}.</b> {say(`failure.${failure}.do`)}
      </span>
    );
  }
  if (state === "pending") return <span className={styles.story}>{say("story.pending")}</span>;
  if (state !== "ready") {
    const known = reading && reading.total > 0;
    const words = known
      ? say("story.page", { done: reading.done, total: reading.total })
      : say("story.reading");
    return (
      <>
        <span className={`${styles.story} numbers`}>{words}</span>
        <ProgressLine value={known ? reading.done / reading.total : undefined} label={words} />
      </>
    );
  }
  return (
    <>
      <span className={`${styles.story} numbers`}>
        <Badge tone="good" icon={<CircleCheck size={12} strokeWidth={2} aria-hidden="true" />}>
          {say("story.ready")}
        </Badge>
        <span>{contents(document, say, format)}</span>
        {report && report.scanned_pages > 0 && (
          <Badge tone="warn">{say("story.scanned", { count: report.scanned_pages })}</Badge>
        )}
      </span>
      <MeaningLine document={document} />
    </>
  );
}

/** A thin line while vectors follow; nothing before the first and after the last. */
function MeaningLine({ document: { passages, vectors } }: { document: Document }) {
  const say = useWords();
  if (vectors === 0 || vectors >= passages) return null;
  const words = say("row.meaning", { done: vectors, total: passages });
  return (
    <Tip text={words}>
      <span className={styles.meaning}>
        <ProgressLine value={vectors / passages} label={words} tone="ai" />
      </span>
    </Tip>
  );
}
