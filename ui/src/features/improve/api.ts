// What Improve asks the API for. The first part of every key is a topic of `api/events.ts`.

import { infiniteQueryOptions } from "@tanstack/react-query";
import { api, take } from "../../api/client";
import type { Written } from "../../shared/qa/QaForm";
import type { Entry } from "./entries";
import { ofRated, ofUnanswered } from "./entries";
import type { Tab } from "./wire";

const which = { unanswered: "open", suggested: "suggested", dismissed: "dismissed" } as const;

interface EntriesPage {
  items: Entry[];
  next: string | null;
}

async function load(tab: Tab, cursor: string | undefined, signal: AbortSignal): Promise<EntriesPage> {
  if (tab === "rated") {
    const page = await take(api.GET("/api/improve/rated", { params: { query: { cursor } }, signal }));
    return { items: page.items.map(ofRated), next: page.next };
  }
  const query = { which: which[tab], cursor };
  const page = await take(api.GET("/api/improve/unanswered", { params: { query }, signal }));
  return { items: page.items.map(ofUnanswered), next: page.next };
}

export const entriesQuery = (tab: Tab) =>
  infiniteQueryOptions({
    queryKey: ["improve", tab],
    queryFn: ({ pageParam, signal }) => load(tab, pageParam ?? undefined, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });

export function answer({ kind, id }: Entry, body: Written): Promise<unknown> {
  const params = { path: { id } };
  return kind === "rated"
    ? take(api.POST("/api/improve/rated/{id}/answer", { params, body }))
    : take(api.POST("/api/improve/unanswered/{id}/answer", { params, body }));
}

export function dismiss({ kind, id }: Entry): Promise<unknown> {
  const params = { path: { id } };
  return kind === "rated"
    ? take(api.POST("/api/improve/rated/{id}/dismiss", { params }))
    : take(api.POST("/api/improve/unanswered/{id}/dismiss", { params }));
}

export function bringBack({ kind, id }: Entry): Promise<unknown> {
  const params = { path: { id } };
  return kind === "rated"
    ? take(api.DELETE("/api/improve/rated/{id}/dismiss", { params }))
    : take(api.DELETE("/api/improve/unanswered/{id}/dismiss", { params }));
}
