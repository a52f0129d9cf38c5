/** One passage that the search found: where it stands, what it says, and the parts of its score. */
import { CopyCheck, History } from "lucide-react";
import { Link } from "wouter";
import type { SearchHit } from "../../api/types";
import { Badge } from "../../design/Parts";
import { useFormat } from "../../i18n/format";
import { PassageCard } from "./PassageCard";
import styles from "./Search.module.css";
import { useWords } from "./words";

export function HitCard({
  hit,
  rank,
  most,
  hits,
  onShow,
}: {
  hit: SearchHit;
  rank: number;
  /** The largest of each score in this search: bars are compared with it. */
  most: { score: number; keyword: number };
  hits: readonly SearchHit[];
  onShow: () => void;
}) {
  const say = useWords();
  const format = useFormat();
  const { passage, document_title, copies, newer, keyword, heading, vector, score } = hit;
  const newerTitle = hits.find((one) => one.passage.document_id === newer)?.document_title;
  return (
    <div className={newer ? `${styles.hit} ${styles.outdated}` : styles.hit}>
      <PassageCard passage={passage} onShow={onShow}>
        <span className={`${styles.rank} numbers`} title={say("search.rank", { rank })}>
          {format.number(rank)}
        </span>
        <Link className={styles.title} href={`/knowledge/documents/${passage.document_id}`}>
          {document_title}
        </Link>
        <span className={styles.date}>{say("search.added", { when: format.day(hit.added_at) })}</span>
      </PassageCard>
      {newer && (
        <p className={styles.note}>
          <Badge tone="warn" icon={<History size={12} strokeWidth={2} aria-hidden="true" />}>
            {say("search.outdated")}
          </Badge>
          {newerTitle ? say("search.outdatedBy", { title: newerTitle }) : say("search.outdatedAbout")}
        </p>
      )}
      {copies.length > 0 && (
        <p className={styles.note}>
          <CopyCheck size={14} strokeWidth={1.5} aria-hidden="true" />
          {say("search.copies", { count: copies.length })}{" "}
          {copies.map((copy) => (
            <Link key={copy.document_id} href={`/knowledge/documents/${copy.document_id}`}>
              {copy.document_title}
            </Link>
          ))}
        </p>
      )}
      <dl className={styles.scores}>
        <Score
          name={say("search.byWords")}
          about={
            keyword !== null && heading > 0
              ? say("search.heading", { part: format.score(heading) })
              : undefined
          }
          value={keyword}
          part={(keyword ?? 0) / most.keyword}
          inner={heading / most.keyword}
        />
        <Score name={say("search.byMeaning")} value={vector} part={vector ?? 0} />
        <Score name={say("search.together")} value={score} part={Math.max(0, score) / most.score} strong />
      </dl>
    </div>
  );
}

/** A part of the score with its bar; the darker piece of it is what the headings gave. */
function Score({
  name,
  about,
  value,
  part,
  inner = 0,
  strong = false,
}: {
  name: string;
  about?: string | undefined;
  value: number | null;
  part: number;
  inner?: number;
  strong?: boolean;
}) {
  const say = useWords();
  const format = useFormat();
  const width = Math.min(1, Math.max(0, part)) * 100;
  return (
    <div className={strong ? `${styles.score} ${styles.strong}` : styles.score}>
      <dt>{name}</dt>
      <dd>
        <b className="numbers">{value === null ? say("search.nothing") : format.score(value)}</b>
        <svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
          <rect className={styles.track} width="100" height="4" />
          <rect className={styles.bar} width={width} height="4" />
          {inner > 0 && <rect className={styles.inner} width={Math.min(width, inner * 100)} height="4" />}
        </svg>
        {about && <span className="numbers">{about}</span>}
      </dd>
    </div>
  );
}
