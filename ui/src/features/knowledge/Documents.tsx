/** The list of documents: filter, search, selection, and a row for every file from the moment it is dropped. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Search } from "lucide-react";
import { useDeferredValue, useEffect, useRef, useState } from "react";
import { documentsQuery, statusQuery } from "../../api/queries";
import type { DocumentState } from "../../api/types";
import { Button } from "../../design/Button";
import { Field } from "../../design/Field";
import { Chip, EmptyState, ErrorNote, Skeleton } from "../../design/Parts";
import { useFormat } from "../../i18n/format";
import { DemoNote } from "./DemoNote";
import { DocumentList } from "./DocumentList";
import { EmptyKnowledge } from "./EmptyKnowledge";
import styles from "./Knowledge.module.css";
import { useRemoved } from "./removals";
import { UploadRow } from "./UploadRow";
import { useUploads } from "./uploads";
import { useWords } from "./words";

const states = ["ready", "reading", "pending", "failed"] as const satisfies readonly DocumentState[];

export function Documents({ onFiles }: { onFiles: () => void }) {
  const say = useWords();
  const format = useFormat();
  const uploads = useUploads();
  const removed = useRemoved();
  const find = useRef<HTMLInputElement>(null);
  const [state, setState] = useState<DocumentState>();
  const [text, setText] = useState("");
  const q = useDeferredValue(text.trim());
  const status = useQuery(statusQuery);
  const list = useInfiniteQuery(documentsQuery({ q: q || undefined, state }));

  useEffect(() => {
    const focus = (event: KeyboardEvent) => {
      const typing = event.target instanceof HTMLElement && event.target.matches("input, textarea, select");
      if (event.key !== "/" || typing || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      find.current?.focus();
    };
    addEventListener("keydown", focus);
    return () => removeEventListener("keydown", focus);
  }, []);

  if (list.isError && !list.data) return <ErrorNote error={list.error} onRetry={() => void list.refetch()} />;
  if (!list.data) return <Skeleton lines={6} height={44} />;

  const documents = list.data.pages.flatMap((page) => page.items).filter(({ id }) => !removed.has(id));
  const isFiltered = q !== "" || state !== undefined;
  const clear = () => {
    setText("");
    setState(undefined);
  };
  if (!isFiltered && documents.length === 0 && uploads.length === 0)
    return <EmptyKnowledge onFiles={onFiles} />;

  const counts = status.data?.documents;
  return (
    <>
      {status.data?.demo && <DemoNote />}
      <div className={styles.bar}>
        <fieldset className={styles.filter} aria-label={say("filter.show")}>
          <span>{say("filter.show")}</span>
          <Chip
            pressed={state === undefined}
            count={counts && format.number(counts.total)}
            onClick={() => setState(undefined)}
          >
            {say("filter.all")}
          </Chip>
          {states
            .filter((one) => one === state || (counts?.[one] ?? 0) > 0)
            .map((one) => (
              <Chip
                key={one}
                pressed={state === one}
                count={counts && format.number(counts[one])}
                onClick={() => setState(state === one ? undefined : one)}
              >
                {say(`filter.${one}`)}
              </Chip>
            ))}
        </fieldset>
        <div className={styles.find}>
          <Search size={16} strokeWidth={1.5} aria-hidden="true" />
          <Field
            ref={find}
            type="search"
            label={say("filter.search")}
            labelHidden
            placeholder={say("filter.search")}
            value={text}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={(event) => event.key === "Escape" && setText("")}
          />
        </div>
      </div>
      {uploads.map((upload) => (
        <UploadRow key={upload.key} upload={upload} />
      ))}
      {documents.length > 0 && (
        <DocumentList
          documents={documents}
          hasMore={list.hasNextPage}
          onMore={() => {
            if (!list.isFetchingNextPage) void list.fetchNextPage();
          }}
        />
      )}
      {documents.length === 0 && isFiltered && (
        <EmptyState
          title={say("list.none.title")}
          action={<Button onClick={clear}>{say("list.none.clear")}</Button>}
        >
          {say("list.none.about")}
        </EmptyState>
      )}
    </>
  );
}
