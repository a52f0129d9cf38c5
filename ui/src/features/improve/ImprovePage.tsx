/** Improve: what customers asked and did not get, until somebody writes the answer. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { Redirect, useLocation } from "wouter";
import { cache } from "../../api/cache";
import { type May, useMay } from "../../api/may";
import { Button } from "../../design/Button";
import {
  EmptyState,
  ErrorNote,
  Kbd,
  LookingNote,
  PageHead,
  Skeleton,
  useErrorWords,
} from "../../design/Parts";
import { TabLinks } from "../../design/Tabs";
import { toast } from "../../design/Toast";
import { QaForm } from "../../shared/qa/QaForm";
import { answer, bringBack, dismiss, entriesQuery } from "./api";
import { Drawing } from "./Drawing";
import { EntryRow } from "./EntryRow";
import { asLine, type Entry, moved } from "./entries";
import css from "./improve.module.css";
import { type Tab, tabs } from "./wire";
import { useWords } from "./words";

const href = (tab: Tab) => (tab === "unanswered" ? "/improve" : `/improve/${tab}`);
/** Where each empty list sends its reader. */
const next = {
  unanswered: "/playground",
  suggested: "/inbox",
  rated: "/channels",
  dismissed: "/improve",
} as const;

export default function ImprovePage({ params }: { params: { tab?: string } }) {
  const say = useWords();
  const may = useMay();
  const tab = tabs.find((one) => one === (params.tab ?? "unanswered"));
  if (!tab) return <Redirect to="/improve" replace />;
  return (
    <div className={css.page}>
      <PageHead title={say("title")} about={say("about")} />
      {!may.change && <LookingNote>{say(may.answer ? "looking.operator" : "looking.viewer")}</LookingNote>}
      <TabLinks
        label={say("tabs")}
        current={href(tab)}
        tabs={tabs.map((one) => ({ href: href(one), label: say(`tab.${one}`) }))}
      />
      <Entries key={tab} tab={tab} />
    </div>
  );
}

function Entries({ tab }: { tab: Tab }) {
  const say = useWords();
  const [, go] = useLocation();
  const errorWords = useErrorWords();
  const may = useMay();
  const list = useInfiniteQuery(entriesQuery(tab));
  const [current, setCurrent] = useState<string>();
  const [writing, setWriting] = useState<Entry>();
  const rows = useRef<HTMLUListElement>(null);
  const entries = list.data?.pages.flatMap((page) => page.items) ?? [];

  const refresh = () => cache.invalidateQueries({ queryKey: ["improve"] });
  const run = (act: Promise<unknown>, then?: () => void) =>
    act
      .then(then, (error: unknown) => {
        toast({ text: errorWords(error) });
      })
      .finally(() => void refresh());
  const setAside = (entry: Entry) => {
    if (!may.answer) return;
    const follower = moved(entries, entry.id, 1);
    setCurrent(follower?.id);
    void run(dismiss(entry), () =>
      toast({
        text: say(`dismissed.${entry.kind}`),
        action: { label: say("undo"), run: () => void run(bringBack(entry)) },
      }),
    );
  };
  const write = (entry: Entry) => {
    if (may.change) setWriting(entry);
  };

  useKeys((code) => {
    const entry = entries.find(({ id }) => id === current);
    if (code === "KeyJ" || code === "KeyK") {
      const to = moved(entries, current, code === "KeyJ" ? 1 : -1);
      setCurrent(to?.id);
      const index = entries.findIndex(({ id }) => id === to?.id);
      (rows.current?.children[index] as HTMLElement | undefined)?.focus();
      return to !== undefined;
    }
    if (!entry) return false;
    if (code === "KeyE" && tab !== "dismissed") setAside(entry);
    else if (code === "Enter") write(entry);
    else return false;
    return true;
  });

  if (list.isError && !list.data) return <ErrorNote error={list.error} onRetry={() => void list.refetch()} />;
  if (!list.data) return <Skeleton lines={5} height={64} />;
  if (entries.length === 0)
    return (
      <EmptyState
        drawing={<Drawing />}
        title={say(`empty.${tab}.title`)}
        action={<Button onClick={() => go(next[tab])}>{say(`empty.${tab}.do`)}</Button>}
      >
        {say(`empty.${tab}.about`)}
      </EmptyState>
    );
  return (
    <>
      <ul ref={rows} className={css.rows} aria-label={say(`list.${tab}`)}>
        {entries.map((entry) => (
          <EntryRow
            key={entry.id}
            entry={entry}
            isCurrent={entry.id === current}
            isSuggested={tab === "suggested"}
            onFocus={() => setCurrent(entry.id)}
            onWrite={may.change ? () => write(entry) : undefined}
            onDismiss={may.answer && tab !== "dismissed" ? () => setAside(entry) : undefined}
            onBack={may.answer && tab === "dismissed" ? () => void run(bringBack(entry)) : undefined}
          />
        ))}
      </ul>
      {list.hasNextPage && (
        <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {say("more")}
        </Button>
      )}
      <Keys may={may} />
      {writing && (
        <QaForm
          title={say("form.title")}
          asked={asLine(writing.question)}
          answered={writing.draft}
          onSave={(written) => answer(writing, written)}
          stale={["improve", "home"]}
          onSaved={() => toast({ text: say("form.done") })}
          onClose={() => setWriting(undefined)}
        />
      )}
    </>
  );
}

/** Runs for each key that nothing else wants; true when it did something. By the key's place, so that a Russian
 * keyboard works as well. */
function useKeys(onKey: (code: string) => boolean): void {
  const latest = useRef(onKey);
  useEffect(() => {
    latest.current = onKey;
  });
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const { target } = event;
      const isElsewhere =
        target instanceof Element &&
        target.closest("a, button, input, textarea, select, [role=dialog], [role=menu]") !== null;
      const isLetter = event.code !== "Enter";
      const isWritten =
        target instanceof Element &&
        target.closest("input, textarea, select, [role=dialog], [role=menu]") !== null;
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (isLetter ? isWritten : isElsewhere) return;
      if (latest.current(event.code)) event.preventDefault();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, []);
}

function Keys({ may }: { may: May }) {
  const say = useWords();
  return (
    <p className={css.keys}>
      <span className="unseen">{say("keys")}</span>
      <Kbd>J</Kbd>
      <Kbd>K</Kbd> {say("key.move")}
      {may.change && (
        <>
          <Kbd>↵</Kbd> {say("key.write")}
        </>
      )}
      {may.answer && (
        <>
          <Kbd>E</Kbd> {say("key.dismiss")}
        </>
      )}
    </p>
  );
}
