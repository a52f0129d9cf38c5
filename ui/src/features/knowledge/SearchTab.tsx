/** Trying the search: what is found for a question, how sure the search is, and by which part. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { SearchCheck } from "lucide-react";
import { type FormEvent, lazy, Suspense, useState } from "react";
import { api, take } from "../../api/client";
import { assistantsQuery } from "../../api/queries";
import type { Assistant, SearchFound, SearchHit } from "../../api/types";
import { Button } from "../../design/Button";
import { Field } from "../../design/Field";
import { PickChip } from "../../design/Menu";
import { SidePanel } from "../../design/Panel";
import { EmptyState, ErrorNote, Skeleton } from "../../design/Parts";
import { useTyped } from "../../shared/typed/useTyped";
import { LabelChip, SourceChip } from "./Filters";
import { HitCard } from "./HitCard";
import styles from "./Search.module.css";
import { Verdict } from "./Verdict";
import { useWords } from "./words";

const Viewer = lazy(() =>
  import("../../shared/viewer/DocumentViewer").then(({ DocumentViewer }) => ({ default: DocumentViewer })),
);

interface Asked {
  query: string;
  source: string | undefined;
  label: string | undefined;
  assistant: string | undefined;
}

export default function SearchTab() {
  const say = useWords();
  const [text, setText] = useTyped();
  const [source, setSource] = useState<string>();
  const [label, setLabel] = useState<string>();
  const [chosen, setChosen] = useState<string>();
  const [place, setPlace] = useState<SearchHit>();
  const assistants = useQuery(assistantsQuery).data ?? [];
  const assistant = assistants.find(({ id }) => id === chosen) ?? assistants[0];
  const search = useMutation({
    mutationFn: ({ query, source, label, assistant }: Asked) =>
      take(
        api.POST("/api/search", {
          body: {
            query,
            limit: 10,
            sources: source ? [source] : [],
            labels: label ? [label] : [],
            assistant: assistant ?? null,
          },
        }),
      ),
  });
  const run = (change: Partial<Asked> = {}) => {
    const query = text.trim();
    if (query === "") return;
    setPlace(undefined);
    search.mutate({ query, source, label, assistant: assistant?.id, ...change });
  };
  // A filter changed after a search shows its effect at once.
  const again = (change: Partial<Asked>) => !search.isIdle && run(change);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    run();
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
      {assistant && (
        <fieldset className={styles.within} aria-label={say("search.within")}>
          <span>{say("search.within")}</span>
          {assistants.length > 1 && (
            <PickChip
              label={say("search.as", { name: assistant.name })}
              value={assistant.id}
              options={assistants.map(({ id, name }) => ({ value: id, label: name }))}
              onPick={(id) => {
                setChosen(id);
                again({ assistant: id });
              }}
            />
          )}
          <SourceChip
            value={source}
            onPick={(picked) => {
              setSource(picked);
              again({ source: picked });
            }}
          />
          <LabelChip
            value={label}
            onPick={(picked) => {
              setLabel(picked);
              again({ label: picked });
            }}
          />
          <Limited assistant={assistant} />
        </fieldset>
      )}
      {search.isError && <ErrorNote error={search.error} onRetry={() => run()} />}
      {search.isPending && <Skeleton lines={3} height={110} />}
      {search.data && <Found found={search.data} assistant={assistant} onShow={setPlace} />}
      {search.isIdle && (
        <EmptyState
          drawing={<SearchCheck size={56} strokeWidth={1} aria-hidden="true" />}
          title={say("search.start")}
        >
          {say("search.startAbout")}
        </EmptyState>
      )}
      <SidePanel
        open={place !== undefined}
        onClose={() => setPlace(undefined)}
        title={place?.document_title ?? ""}
        wide
      >
        {place && (
          <Suspense fallback={<Skeleton lines={6} />}>
            <Viewer
              key={place.passage.id}
              documentId={place.passage.document_id}
              place={{ page: place.passage.page, quote: place.passage.text, start: place.passage.start }}
            />
          </Suspense>
        )}
      </SidePanel>
    </>
  );
}

/** Says that the assistant may use a part of the knowledge only. */
function Limited({ assistant }: { assistant: Assistant }) {
  const say = useWords();
  const { sources, labels } = assistant.settings.knowledge;
  if (sources.length === 0 && labels.length === 0) return <span>{say("search.all")}</span>;
  return <span>{say("search.limitedAssistant", { name: assistant.name })}</span>;
}

function Found({
  found,
  assistant,
  onShow,
}: {
  found: SearchFound;
  assistant: Assistant | undefined;
  onShow: (hit: SearchHit) => void;
}) {
  const say = useWords();
  const { hits, limited, reranked } = found;
  const threshold = assistant?.settings.threshold ?? 0.5;
  const most = {
    score: Math.max(...hits.map((hit) => hit.score), 0.001),
    keyword: Math.max(...hits.map((hit) => hit.keyword ?? 0), 0.001),
  };
  return (
    <>
      <Verdict found={found} threshold={threshold} name={assistant?.name} />
      {limited && <p className={styles.limited}>{say(limitedKey(limited))}</p>}
      {reranked && (
        <p className={styles.limited}>
          {reranked.failed === null
            ? say("search.reranked", { count: reranked.passages, model: reranked.model })
            : say("search.notReranked", { model: reranked.model })}
        </p>
      )}
      {hits.length === 0 ? (
        <EmptyState title={say("search.none")}>{say("search.noneAbout")}</EmptyState>
      ) : (
        <ol className={styles.hits}>
          {hits.map((hit, index) => (
            <li key={hit.passage.id}>
              <HitCard hit={hit} rank={index + 1} most={most} hits={hits} onShow={() => onShow(hit)} />
            </li>
          ))}
        </ol>
      )}
    </>
  );
}

function limitedKey(limited: string) {
  if (limited === "no_embedder") return "search.limited.no_embedder";
  if (limited === "index_rebuilding") return "search.limited.index_rebuilding";
  return "search.limited.other";
}
