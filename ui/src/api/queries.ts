/** What the pages read. The first part of every key is the topic of the events that make it stale. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, take } from "./client";
import { ApiProblem } from "./problem";
import type { DocumentState, ItemState, Session } from "./types";

const sessionKey = ["session"] as const;

/**
 * Who is signed in. When a session that was here has ended, that is an error and the one who had it stays known:
 * the page goes on being theirs until they sign in again.
 */
export const sessionQuery = queryOptions({
  queryKey: sessionKey,
  queryFn: async ({ signal, client }) => {
    const session = await take(api.GET("/api/session", { signal }));
    const before = client.getQueryData<Session>(sessionKey);
    if (before?.member && !session.member) throw new ApiProblem("not_signed_in", 401);
    return session;
  },
  staleTime: Number.POSITIVE_INFINITY,
});

export const statusQuery = queryOptions({
  queryKey: ["status"],
  queryFn: ({ signal }) => take(api.GET("/api/status", { signal })),
});

/** What was asked and answered in the last days, and what engines used up. Told anew after a minute. */
export const activityQuery = (days: number) =>
  queryOptions({
    queryKey: ["activity", days],
    queryFn: ({ signal }) => {
      const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
      return take(api.GET("/api/activity", { params: { query: { days, zone } }, signal }));
    },
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  });

export interface DocumentFilter {
  q?: string;
  state?: DocumentState;
  source?: string;
  label?: string;
  format?: string;
  language?: string;
}

export const documentsQuery = (filter: DocumentFilter) =>
  infiniteQueryOptions({
    queryKey: ["documents", "list", filter],
    queryFn: ({ pageParam, signal }) =>
      take(
        api.GET("/api/documents", {
          params: { query: { ...filter, cursor: pageParam ?? undefined, limit: 100 } },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });

export const documentQuery = (id: string) =>
  queryOptions({
    queryKey: ["documents", id],
    queryFn: ({ signal }) => take(api.GET("/api/documents/{id}", { params: { path: { id } }, signal })),
  });

export const versionsQuery = (id: string) =>
  queryOptions({
    queryKey: ["documents", id, "versions"],
    queryFn: async ({ signal }) =>
      (await take(api.GET("/api/documents/{id}/versions", { params: { path: { id } }, signal }))).items,
  });

/** What changed in a version since the one before it. */
export const changesQuery = (id: string) =>
  queryOptions({
    queryKey: ["documents", id, "changes"],
    queryFn: ({ signal }) =>
      take(api.GET("/api/documents/{id}/changes", { params: { path: { id } }, signal })),
  });

/** Labels, formats and languages of all documents, for filters. */
export const kindsQuery = queryOptions({
  queryKey: ["documents", "kinds"],
  queryFn: ({ signal }) => take(api.GET("/api/kinds", { signal })),
});

export const sourcesQuery = queryOptions({
  queryKey: ["sources"],
  queryFn: async ({ signal }) => (await take(api.GET("/api/sources", { signal }))).items,
});

export const followedQuery = queryOptions({
  queryKey: ["followed"],
  queryFn: async ({ signal }) => (await take(api.GET("/api/followed", { signal }))).items,
});

/** Pages or files of a followed source, in the order of their addresses or paths. */
export const followedItemsQuery = (id: string, state: ItemState | undefined) =>
  infiniteQueryOptions({
    queryKey: ["followed", id, state ?? "all"],
    queryFn: ({ pageParam, signal }) =>
      take(
        api.GET("/api/followed/{id}/items", {
          params: { path: { id }, query: { state, after: pageParam ?? undefined, limit: 50 } },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });

export const passagesQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ["documents", id, "passages"],
    queryFn: ({ pageParam, signal }) =>
      take(
        api.GET("/api/documents/{id}/passages", {
          params: { path: { id }, query: { after: pageParam ?? undefined, limit: 100 } },
          signal,
        }),
      ),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.next,
  });

export const documentTextQuery = (id: string) =>
  queryOptions({
    queryKey: ["documents", id, "blocks"],
    queryFn: async ({ signal }) =>
      (await take(api.GET("/api/documents/{id}/text", { params: { path: { id } }, signal }))).blocks,
  });

export const qaQuery = (q: string) =>
  infiniteQueryOptions({
    queryKey: ["qa", q],
    queryFn: ({ pageParam, signal }) =>
      take(
        api.GET("/api/qa", {
          params: { query: { q: q || undefined, cursor: pageParam ?? undefined, limit: 100 } },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });

export const assistantsQuery = queryOptions({
  queryKey: ["assistants"],
  queryFn: async ({ signal }) => (await take(api.GET("/api/assistants", { signal }))).items,
});

export const settingsQuery = queryOptions({
  queryKey: ["settings"],
  queryFn: ({ signal }) => take(api.GET("/api/settings", { signal })),
});

/** How far the first steps have come; a setting. */
export const firstRunQuery = queryOptions({
  queryKey: ["settings", "first-run"],
  queryFn: ({ signal }) => take(api.GET("/api/first-run", { signal })),
});

export const modelsQuery = queryOptions({
  queryKey: ["models"],
  queryFn: ({ signal }) => take(api.GET("/api/models", { signal })),
  // While something comes, it is seen coming.
  refetchInterval: ({ state }) =>
    state.data?.offered.some(({ download }) => download?.running) ? 1000 : false,
});

/** Newer versions of the program; what is remembered of them is a setting. */
export const updatesQuery = queryOptions({
  queryKey: ["settings", "updates"],
  queryFn: ({ signal }) => take(api.GET("/api/updates", { signal })),
  // While something comes, it is seen coming.
  refetchInterval: ({ state }) => {
    const now = state.data;
    return now?.checking || now?.stage === "downloading" || now?.stage === "installing" ? 1000 : false;
  },
});

/** Whether anything outside this computer may be spoken to; a setting. */
export const networkQuery = queryOptions({
  queryKey: ["settings", "network"],
  queryFn: ({ signal }) => take(api.GET("/api/network", { signal })),
});

/** Whom the program spoke to; nothing tells of it, so it is looked at anew. */
export const hostsQuery = queryOptions({
  queryKey: ["hosts"],
  queryFn: async ({ signal }) => (await take(api.GET("/api/hosts", { signal }))).items,
  staleTime: 0,
});

export const teamQuery = queryOptions({
  queryKey: ["team", "members"],
  queryFn: async ({ signal }) => (await take(api.GET("/api/members", { signal }))).items,
});

export const invitationsQuery = queryOptions({
  queryKey: ["team", "invitations"],
  queryFn: async ({ signal }) => (await take(api.GET("/api/invitations", { signal }))).items,
});

/** Who changed what about whom. */
export const peopleLogQuery = queryOptions({
  queryKey: ["team", "log"],
  queryFn: async ({ signal }) => (await take(api.GET("/api/people-log", { signal }))).items,
});

export const mailQuery = queryOptions({
  queryKey: ["mail"],
  queryFn: async ({ signal }) => (await take(api.GET("/api/mail", { signal }))).server,
});

/** Where the member is signed in. */
export const sessionsQuery = queryOptions({
  queryKey: ["sessions"],
  queryFn: async ({ signal }) => (await take(api.GET("/api/sessions", { signal }))).items,
});

export const secondStepQuery = queryOptions({
  queryKey: ["second-step"],
  queryFn: ({ signal }) => take(api.GET("/api/second-step", { signal })),
});

export const recoveryQuery = queryOptions({
  queryKey: ["recovery"],
  queryFn: ({ signal }) => take(api.GET("/api/recovery", { signal })),
});

export const backupsQuery = queryOptions({
  queryKey: ["backups"],
  queryFn: async ({ signal }) => (await take(api.GET("/api/backups", { signal }))).items,
});

/** A trace never changes once its answer stands. */
export const traceQuery = (id: string) =>
  queryOptions({
    queryKey: ["trace", id],
    queryFn: ({ signal }) => take(api.GET("/api/messages/{id}/trace", { params: { path: { id } }, signal })),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** How many conversations the lists have; 1,000 stands for that many or more. */
export const inboxCountsQuery = queryOptions({
  queryKey: ["inbox", "counts"],
  queryFn: ({ signal }) =>
    take(api.GET("/api/inbox/counts", { params: { query: { channel: "customers" } }, signal })),
});
