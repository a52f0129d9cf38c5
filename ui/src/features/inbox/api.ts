// What the Inbox asks the API for. The first part of every key is a topic of `api/events.ts`.

import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, take } from "../../api/client";
import type { Contact, Handoff, Message, Note, Row, Section, Transition } from "./wire";

type Call = <Data>(
  path: string,
  init?: object,
) => Promise<{ data?: Data; error?: unknown; response: Response }>;
const raw = api as unknown as Record<"GET" | "POST" | "PUT" | "PATCH" | "DELETE", Call>;

/** What the API calls the lists. */
const listed = { needs: "requested", taken: "taken", ai: "ai", closed: "closed" } as const;

interface Page<Item, Cursor> {
  items: Item[];
  next: Cursor | null;
}

export const rowsQuery = (section: Section) =>
  infiniteQueryOptions({
    queryKey: ["inbox", "list", section],
    queryFn: ({ pageParam, signal }): Promise<Page<Row, string>> =>
      take(
        raw.GET("/api/conversations", {
          params: {
            query: {
              handoff: listed[section],
              channel: "telegram",
              cursor: pageParam ?? undefined,
              limit: 100,
            },
          },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });

export const rowQuery = (id: string) =>
  queryOptions({
    queryKey: ["conversations", id, "row"],
    queryFn: ({ signal }): Promise<Row> =>
      take(raw.GET("/api/conversations/{id}", { params: { path: { id } }, signal })),
  });

/** Pages go back in time; the messages of a page are oldest first. */
export const messagesQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ["conversations", id, "messages"],
    queryFn: ({ pageParam, signal }): Promise<Page<Message, number>> =>
      take(
        raw.GET("/api/conversations/{id}/messages", {
          params: { path: { id }, query: { before: pageParam ?? undefined, limit: 100 } },
          signal,
        }),
      ),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.next,
  });

export const notesQuery = (id: string) =>
  queryOptions({
    queryKey: ["conversations", id, "notes"],
    queryFn: async ({ signal }): Promise<Note[]> =>
      (
        await take(
          raw.GET<{ items: Note[] }>("/api/conversations/{id}/notes", { params: { path: { id } }, signal }),
        )
      ).items,
  });

export const logQuery = (id: string) =>
  queryOptions({
    queryKey: ["conversations", id, "log"],
    queryFn: async ({ signal }): Promise<Transition[]> =>
      (
        await take(
          raw.GET<{ items: Transition[] }>("/api/conversations/{id}/handoff/log", {
            params: { path: { id } },
            signal,
          }),
        )
      ).items,
  });

export const contactQuery = (id: string) =>
  queryOptions({
    queryKey: ["conversations", id, "contact"],
    queryFn: ({ signal }): Promise<Contact> =>
      take(raw.GET("/api/conversations/{id}/contact", { params: { path: { id } }, signal })),
  });

export type Act = "take" | "hand_back" | "close" | "reopen";

export const act = (id: string, kind: Act): Promise<Handoff> =>
  take(raw.POST("/api/conversations/{id}/handoff", { params: { path: { id } }, body: { act: kind } }));

export const reply = (id: string, text: string, _key: string): Promise<Message> =>
  take(raw.POST("/api/conversations/{id}/reply", { params: { path: { id } }, body: { text } }));

export const note = (id: string, text: string): Promise<Note> =>
  take(raw.POST("/api/conversations/{id}/notes", { params: { path: { id } }, body: { text } }));

export const ban = (id: string, isBanned: boolean): Promise<unknown> =>
  take(raw.PUT("/api/conversations/{id}/ban", { params: { path: { id } }, body: { is_banned: isBanned } }));
