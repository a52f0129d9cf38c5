/** The list of documents: filter, search, selection, and a row for every file from the moment it is dropped. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Search } from "lucide-react";
import { useDeferredValue, useEffect, useRef } from "react";
import { useSearchParams } from "wouter";
import { documentsQuery, statusQuery } from "../../api/queries";
import { Button } from "../../design/Button";
import { Field } from "../../design/Field";
import { EmptyState, ErrorNote, Skeleton } from "../../design/Parts";
import { useTyped } from "../../shared/typed/useTyped";
import { DemoNote } from "./DemoNote";
import { DocumentList } from "./DocumentList";
import { EmptyKnowledge } from "./EmptyKnowledge";
import { type Filter, Filters } from "./Filters";
import styles from "./Knowledge.module.css";
import { useRemoved } from "./removals";
import { UploadRow } from "./UploadRow";
import { useUploads } from "./uploads";
import { useWords } from "./words";

const names = ["state", "source", "label", "format", "language"] as const satisfies readonly (keyof Filter)[];

export function Documents({ onFiles }: { onFiles: () => void }) {
  const say = useWords();
  const uploads = useUploads();
  const removed = useRemoved();
  const find = useRef<HTMLInputElement>(null);
  // The filter is the address, so that a label leads here and the way back keeps it.
  const [address, setAddress] = useSearchParams();
  const filter: Filter = Object.fromEntries(names.map((name) => [name, address.get(name) ?? undefined]));
  const [text, setText] = useTyped();
  const q = useDeferredValue(text.trim());
  const status = useQuery(statusQuery);
  const list = useInfiniteQuery(documentsQuery({ q: q || undefined, ...filter }));

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
  const isFiltered = q !== "" || names.some((name) => filter[name] !== undefined);
  const change = (to: Filter) => {
    setAddress(
      (before) => {
        const next = new URLSearchParams(before);
        for (const [name, value] of Object.entries(to)) {
          if (value === undefined) next.delete(name);
          else next.set(name, value);
        }
        return next;
      },
      { replace: true },
    );
  };
  const clear = () => {
    setText("");
    setAddress({}, { replace: true });
  };
  if (!isFiltered && documents.length === 0 && uploads.length === 0)
    return <EmptyKnowledge onFiles={onFiles} />;

  return (
    <>
      {status.data?.demo && <DemoNote />}
      <div className={styles.bar}>
        <Filters filter={filter} onChange={change} onClear={() => setAddress({}, { replace: true })} />
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
