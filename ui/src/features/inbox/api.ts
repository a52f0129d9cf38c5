// What the Inbox asks the API for. The first part of every key is a topic of `api/events.ts`.

import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, take } from "../../api/client";
import type { Handoff, Message, Note, Section } from "./wire";

/** What the API calls the lists. */
const listed = { needs: "requested", taken: "taken", ai: "ai", closed: "closed" } as const;

export const rowsQuery = (section: Section) =>
  infiniteQueryOptions({
    queryKey: ["inbox", "list", section],
    queryFn: ({ pageParam, signal }) =>
      take(
        api.GET("/api/conversations", {
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
    queryFn: ({ signal }) => take(api.GET("/api/conversations/{id}", { params: { path: { id } }, signal })),
  });

/** Pages go back in time; the messages of a page are oldest first. */
export const messagesQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ["conversations", id, "messages"],
    queryFn: ({ pageParam, signal }) =>
      take(
        api.GET("/api/conversations/{id}/messages", {
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
    queryFn: async ({ signal }) =>
      (await take(api.GET("/api/conversations/{id}/notes", { params: { path: { id } }, signal }))).items,
  });

export const logQuery = (id: string) =>
  queryOptions({
    queryKey: ["conversations", id, "log"],
    queryFn: async ({ signal }) =>
      (
        await take(
          api.GET("/api/conversations/{id}/handoff/log", {
            params: { path: { id } },
            signal,
          }),
        )
      ).items,
  });

export const contactQuery = (id: string) =>
  queryOptions({
    queryKey: ["conversations", id, "contact"],
    queryFn: ({ signal }) =>
      take(api.GET("/api/conversations/{id}/profile", { params: { path: { id } }, signal })),
  });

export type Act = "take" | "hand_back" | "close" | "reopen";

export const act = (id: string, kind: Act): Promise<Handoff> =>
  take(api.POST("/api/conversations/{id}/handoff", { params: { path: { id } }, body: { act: kind } }));

export const reply = (id: string, text: string): Promise<Message> =>
  take(api.POST("/api/conversations/{id}/reply", { params: { path: { id } }, body: { text } }));

export const note = (id: string, text: string): Promise<Note> =>
  take(api.POST("/api/conversations/{id}/notes", { params: { path: { id } }, body: { text } }));

export const ban = (id: string, isBanned: boolean): Promise<unknown> => {
  const params = { path: { id } };
  return take(
    isBanned
      ? api.POST("/api/conversations/{id}/ban", { params })
      : api.DELETE("/api/conversations/{id}/ban", { params }),
  );
};
