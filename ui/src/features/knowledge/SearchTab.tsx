/** Trying the search: what is found for a question, how sure the search is, and by which part. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { CircleCheck, CircleMinus, SearchCheck } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Link } from "wouter";
import { api, take } from "../../api/client";
import { assistantsQuery } from "../../api/queries";
import type { SearchFound, SearchHit } from "../../api/types";
import { Button } from "../../design/Button";
import { Field } from "../../design/Field";
import { EmptyState, ErrorNote, Skeleton } from "../../design/Parts";
import { useFormat } from "../../i18n/format";
import { PassageCard } from "./PassageCard";
import styles from "./Search.module.css";
import { useWords } from "./words";

export default function SearchTab() {
  const say = useWords();
  const [text, setText] = useState("");
  const search = useMutation({
    mutationFn: (query: string) => take(api.POST("/api/search", { body: { query, limit: 10 } })),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() !== "") search.mutate(text.trim());
  };
  return (
    <>
      <p className={styles.about}>{say("search.about")}</p>
      <form className={styles.form} onSubmit={submit}>
        <Field
          type="search"
          label={say("search.query")}
          labelHidden
          className={styles.query}
          placeholder={say("search.placeholder")}
          value={text}
          onChange={(event) => setText(event.target.value)}
          autoFocus
        />
        <Button type="submit" look="primary" busy={search.isPending}>
          {say("search.run")}
        </Button>
      </form>
      {search.isError && <ErrorNote error={search.error} onRetry={() => search.mutate(text.trim())} />}
      {search.isPending && <Skeleton lines={3} height={110} />}
      {search.data && <Found found={search.data} />}
      {search.isIdle && (
        <EmptyState
          drawing={<SearchCheck size={56} strokeWidth={1} aria-hidden="true" />}
          title={say("search.start")}
        >
          {say("search.startAbout")}
        </EmptyState>
      )}
    </>
  );
}

function Found({ found }: { found: SearchFound }) {
  const say = useWords();
  const format = useFormat();
  const assistants = useQuery(assistantsQuery);
  const threshold = assistants.data?.[0]?.settings.threshold ?? 0.5;
  const { hits, confidence, took_ms, embed_ms, limited } = found;
  if (hits.length === 0) {
    return <EmptyState title={say("search.none")}>{say("search.noneAbout")}</EmptyState>;
  }
  const isSure = confidence >= threshold;
  const took =
    embed_ms > 0
      ? say("search.took", { took: format.duration(took_ms), embed: format.duration(embed_ms) })
      : say("search.tookWords", { took: format.duration(took_ms) });
  const most = {
    keyword: Math.max(0, ...hits.map((hit) => hit.keyword ?? 0)),
    vector: 1,
  };
  return (
    <>
      <div className={isSure ? `${styles.verdict} ${styles.sure}` : styles.verdict} role="status">
        {isSure ? (
          <CircleCheck size={20} strokeWidth={1.5} aria-hidden="true" />
        ) : (
          <CircleMinus size={20} strokeWidth={1.5} aria-hidden="true" />
        )}
        <strong>{isSure ? say("search.sure") : say("search.unsure")}</strong>
        <span className="numbers">
          {say("search.confidence", {
            confidence: format.percent(confidence),
            threshold: format.percent(threshold),
          })}
        </span>
        <span className={`${styles.took} numbers`}>{took}</span>
      </div>
      {limited && <p className={styles.limited}>{say(limitedKey(limited))}</p>}
      <ol className={styles.hits}>
        {hits.map((hit, index) => (
          <li key={hit.passage.id}>
            <Hit hit={hit} rank={index + 1} most={most} />
          </li>
        ))}
      </ol>
    </>
  );
}

function limitedKey(limited: string) {
  if (limited === "no_embedder") return "search.limited.no_embedder";
  if (limited === "index_rebuilding") return "search.limited.index_rebuilding";
  return "search.limited.other";
}

function Hit({
  hit,
  rank,
  most,
}: {
  hit: SearchHit;
  rank: number;
  most: { keyword: number; vector: number };
}) {
  const say = useWords();
  const format = useFormat();
  return (
    <PassageCard passage={hit.passage}>
      <span className={`${styles.rank} numbers`} title={say("search.rank", { rank })}>
        {format.number(rank)}
      </span>
      <Link className={styles.title} href={`/knowledge/documents/${hit.passage.document_id}?show=passages`}>
        {hit.document_title}
      </Link>
      <span className={styles.scores}>
        <Score name={say("search.byWords")} value={hit.keyword} most={most.keyword} />
        <Score name={say("search.byMeaning")} value={hit.vector} most={most.vector} />
      </span>
    </PassageCard>
  );
}

function Score({ name, value, most }: { name: string; value: number | null; most: number }) {
  if (value === null) return null;
  return (
    <span className={styles.score}>
      {name}
      <meter min={0} max={most || 1} value={Math.max(0, value)} aria-label={name} />
      <b className="numbers">{value.toFixed(2)}</b>
    </span>
  );
}
