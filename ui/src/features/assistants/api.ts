// What the assistants' page asks the API for. The first part of a key is a topic of `api/events.ts`.

import { queryOptions } from "@tanstack/react-query";
import { api, take } from "../../api/client";
import type { Language } from "../../i18n/language";
import type { Draft } from "./drafts";
import type { Hours } from "./wire";

const path = (id: string) => ({ path: { id } });

/** Questions that were held against the threshold. A question asked meanwhile may come late. */
export const pastQuery = (id: string) =>
  queryOptions({
    queryKey: ["assistants", id, "past"],
    queryFn: async ({ signal }) =>
      (await take(api.GET("/api/assistants/{id}/past-questions", { params: path(id), signal }))).items,
  });

export const ladderQuery = (id: string) =>
  queryOptions({
    queryKey: ["assistants", id, "ladder"],
    queryFn: async ({ signal }) =>
      (await take(api.GET("/api/assistants/{id}/engines", { params: path(id), signal }))).rungs,
    // Engines are settings, and each answer is a try.
    staleTime: 0,
  });

export const versionsQuery = (id: string) =>
  queryOptions({
    queryKey: ["assistants", id, "versions"],
    queryFn: async ({ signal }) =>
      (await take(api.GET("/api/assistants/{id}/versions", { params: path(id), signal }))).items,
  });

/** A version never changes. */
export const versionQuery = (id: string, number: number) =>
  queryOptions({
    queryKey: ["assistant-version", id, number],
    queryFn: ({ signal }) =>
      take(api.GET("/api/assistants/{id}/versions/{number}", { params: { path: { id, number } }, signal })),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const saveAssistant = (id: string, { name, version, settings }: Draft) =>
  take(api.PUT("/api/assistants/{id}", { params: path(id), body: { name: name.trim(), version, settings } }));

export const returnTo = (id: string, number: number, version: number) =>
  take(
    api.POST("/api/assistants/{id}/versions/{number}/return", {
      params: { path: { id, number } },
      body: { version },
    }),
  );

export const explainHours = (id: string, hours: Hours | null, at: string, language: Language) =>
  take(api.POST("/api/hours/explain", { body: { assistant_id: id, hours, at: at || undefined, language } }));

export const makeAssistant = (name: string) => take(api.POST("/api/assistants", { body: { name } }));

export const removeAssistant = (id: string) => take(api.DELETE("/api/assistants/{id}", { params: path(id) }));
