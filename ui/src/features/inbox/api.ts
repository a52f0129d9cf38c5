// What the Inbox asks the API for. The first part of every key is a topic of `api/events.ts`.

import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, take } from "../../api/client";
import type { Channel, Handoff, Message, Note, Section } from "./wire";

/** What the API calls the lists. */
const listed = { needs: "requested", taken: "taken", ai: "ai", closed: "closed" } as const;

/** Which conversations a list has. */
export interface Filter {
  section: Section;
  /** Only those that this member looks after. */
  assignee?: string | undefined;
  /** Only with this label. */
  label?: string | undefined;
  /** Only where this is written; everywhere but in the Playground when absent. */
  channel?: Channel | undefined;
}

/** Rows of a page. */
export const PAGE = 100;

/** One page of a list. */
export const pageQuery = ({ section, assignee, label, channel }: Filter, cursor: string | null) =>
  queryOptions({
    queryKey: ["inbox", "list", section, assignee ?? "", label ?? "", channel ?? "", cursor],
    queryFn: ({ signal }) =>
      take(
        api.GET("/api/conversations", {
          params: {
            query: {
              handoff: listed[section],
              channel: channel ?? "customers",
              assignee,
              label,
              cursor: cursor ?? undefined,
              limit: PAGE,
            },
          },
          signal,
        }),
      ),
  });

export const searchQuery = (q: string) =>
  infiniteQueryOptions({
    queryKey: ["inbox", "search", q],
    queryFn: ({ pageParam, signal }) =>
      take(
        api.GET("/api/inbox/search", {
          params: { query: { q, channel: "customers", after: pageParam ?? undefined, limit: 50 } },
          signal,
        }),
      ),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    enabled: q !== "",
  });

export const labelsQuery = queryOptions({
  queryKey: ["labels"],
  queryFn: async ({ signal }) => (await take(api.GET("/api/inbox/labels", { signal }))).items,
});

export const repliesQuery = queryOptions({
  queryKey: ["saved-replies"],
  queryFn: async ({ signal }) => (await take(api.GET("/api/saved-replies", { signal }))).items,
});

export const colleaguesQuery = queryOptions({
  queryKey: ["colleagues"],
  queryFn: async ({ signal }) => (await take(api.GET("/api/colleagues", { signal }))).items,
});

export const assignmentsQuery = (id: string) =>
  queryOptions({
    queryKey: ["conversations", id, "assignments"],
    queryFn: async ({ signal }) =>
      (await take(api.GET("/api/conversations/{id}/assignments", { params: { path: { id } }, signal })))
        .items,
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

/** Gives it to a member, or to nobody. */
export const assign = (id: string, member: string | null): Promise<unknown> =>
  take(
    api.PUT("/api/conversations/{id}/assignee", {
      params: { path: { id } },
      body: { member_id: member },
    }),
  );

export const putLabels = (id: string, change: { add: string[]; remove: string[] }): Promise<unknown> =>
  take(api.POST("/api/conversations/{id}/labels", { params: { path: { id } }, body: change }));

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
