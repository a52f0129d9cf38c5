/**
 * One event stream for the whole browser. The tab that holds the lock reads the server's events and passes
 * them to the others, as well as whether the line stands; when it closes, the next tab takes the lock and goes on after the last event seen.
 */
import type { QueryClient } from "@tanstack/react-query";
import { again } from "./again";
import { keepLine } from "./line";
import { keepPresence } from "./presence";
import { sessionQuery } from "./queries";
import type { Change, Presence, Topic } from "./types";

/** Which queries a topic makes stale, by the first part of their keys. */
const stale: Record<Topic, readonly string[]> = {
  source: ["documents", "sources", "followed", "status"],
  document: ["documents", "followed", "status", "home"],
  qa: ["qa", "status", "home"],
  assistant: ["assistants", "home"],
  conversation: ["conversations", "inbox", "home"],
  handoff: ["inbox", "conversations", "home"],
  bot: ["bots", "home", "doctor"],
  settings: ["settings", "mail", "status", "home", "labels", "saved-replies"],
  job: ["status", "jobs", "doctor"],
  improve: ["improve", "home"],
  team: ["team", "session", "second-step", "colleagues"],
};

type News =
  | { kind: "change"; seq: string; change: Change }
  | { kind: "presence"; presence: Presence }
  /** Refused: there was an answer, and it was no line of events. */
  | { kind: "line"; line: "stands" | "broken" | "refused" }
  | { kind: "gap" };

/** Keeps the cache fresh until the answer is called. */
export function followEvents(cache: QueryClient): () => void {
  const stop = new AbortController();
  const channel = new BroadcastChannel("chatai-events");
  let last = "";
  const topics = new Set<Topic>();
  let settling: ReturnType<typeof setTimeout> | undefined;

  const receive = (news: News) => {
    if (news.kind === "gap") {
      void cache.invalidateQueries();
      return;
    }
    if (news.kind === "presence") {
      keepPresence(news.presence);
      return;
    }
    if (news.kind === "line") {
      keepLine(news.line === "stands");
      // The browser does not tell how it was refused: the session may have ended.
      if (news.line === "refused") void cache.invalidateQueries({ queryKey: sessionQuery.queryKey });
      return;
    }
    last = news.seq;
    topics.add(news.change.topic);
    // A burst of events (a document read page by page) is one refresh.
    settling ??= setTimeout(() => {
      settling = undefined;
      const keys = new Set([...topics].flatMap((topic) => stale[topic] ?? []));
      topics.clear();
      void cache.invalidateQueries({ predicate: ({ queryKey }) => keys.has(String(queryKey[0])) });
    }, 150);
  };
  channel.onmessage = (message: MessageEvent<News>) => receive(message.data);

  const lead = () =>
    new Promise<void>((resolve) => {
      // The lock may come in the moment in which this tab leaves.
      if (stop.signal.aborted) return resolve();
      let events: EventSource;
      let wasBroken = false;
      const tell = (news: News) => {
        receive(news);
        channel.postMessage(news);
      };
      const open = () => {
        events = new EventSource(last ? `/api/events?after=${last}` : "/api/events");
        events.onopen = () => {
          tries.stood();
          tell({ kind: "line", line: "stands" });
          if (wasBroken) tell({ kind: "gap" });
          wasBroken = false;
        };
        events.onerror = () => {
          // The browser comes back by itself after some breaks and never after others; we do after all of them.
          const isRefused = events.readyState === EventSource.CLOSED;
          events.close();
          wasBroken = true;
          tell({ kind: "line", line: isRefused ? "refused" : "broken" });
          tries.failed();
        };
        events.addEventListener("change", (event) => {
          tell({ kind: "change", seq: event.lastEventId, change: JSON.parse(event.data) as Change });
        });
        events.addEventListener("presence", (event) => {
          tell({ kind: "presence", presence: JSON.parse(event.data) as Presence });
        });
      };
      const tries = again(open);
      stop.signal.addEventListener("abort", () => {
        tries.stop();
        events.close();
        resolve();
      });
      open();
    });

  if (navigator.locks) {
    navigator.locks.request("chatai-events", { signal: stop.signal }, lead).catch(() => {
      // Stopped while waiting for the lock: another tab leads, and this one is leaving.
    });
  } else {
    void lead();
  }

  return () => {
    stop.abort();
    clearTimeout(settling);
    channel.close();
    keepLine(true);
  };
}
