// What Channels asks the API for. The first part of every key is a topic of `api/events.ts`.

import { queryOptions } from "@tanstack/react-query";
import { api, take } from "../../api/client";
import type { Bot, BotCheck, BotSettings, Room, Simulator } from "./wire";

type Call = <Data>(
  path: string,
  init?: object,
) => Promise<{ data?: Data; error?: unknown; response: Response }>;
const raw = api as unknown as Record<"GET" | "POST" | "PUT" | "PATCH" | "DELETE", Call>;

export const botsQuery = queryOptions({
  queryKey: ["bots"],
  queryFn: async ({ signal }): Promise<Bot[]> =>
    (await take(raw.GET<{ items: Bot[] }>("/api/bots", { signal }))).items,
});

export const botQuery = (id: string) =>
  queryOptions({
    queryKey: ["bots", id],
    queryFn: ({ signal }): Promise<Bot> =>
      take(raw.GET("/api/bots/{id}", { params: { path: { id } }, signal })),
  });

/** What the doctor finds; he asks the messenger, so it is not asked for with every event. */
export const doctorQuery = (id: string, language: string) =>
  queryOptions({
    queryKey: ["doctor", id, language],
    queryFn: ({ signal }): Promise<{ ok: boolean; items: BotCheck[] }> =>
      take(raw.GET("/api/bots/{id}/doctor", { params: { path: { id }, query: { language } }, signal })),
    staleTime: 60_000,
  });

export const addBot = (token: string, assistantId: string): Promise<Bot> =>
  take(raw.POST("/api/bots", { body: { token, assistant_id: assistantId } }));

export interface BotChange {
  assistant_id?: string;
  is_on?: boolean;
  settings?: BotSettings;
}

export const changeBot = ({ id, version }: Bot, change: BotChange): Promise<Bot> =>
  take(raw.PATCH("/api/bots/{id}", { params: { path: { id } }, body: { version, ...change } }));

export const setToken = (id: string, token: string): Promise<Bot> =>
  take(raw.PUT("/api/bots/{id}/token", { params: { path: { id } }, body: { token } }));

export const removeBot = (id: string): Promise<unknown> =>
  take(raw.DELETE("/api/bots/{id}", { params: { path: { id } } }));

/** Who writes in the simulator, and where. */
export interface Person {
  name: string;
  room: Room;
  topic: number;
}

/** The simulator's chats; with `after` it is waited until something has happened since that version. */
export const simulatorScene = (after: number | undefined, signal: AbortSignal): Promise<Simulator> =>
  take(raw.GET("/api/simulator", { params: { query: { after } }, signal }));

export const startSimulator = (assistantId: string): Promise<Simulator> =>
  take(raw.POST("/api/simulator", { body: { assistant_id: assistantId } }));

export const endSimulator = (): Promise<unknown> => take(raw.DELETE("/api/simulator"));

export const saySomething = (place: Person, text: string): Promise<unknown> =>
  take(raw.POST("/api/simulator/say", { body: { place, text } }));

export const tapButton = (
  place: Person,
  message: number,
  row: number,
  column: number,
): Promise<{ toast: string }> =>
  take(raw.POST("/api/simulator/tap", { body: { place, message, row, column } }));

export const sendFile = ({ name, room, topic }: Person, file: File): Promise<unknown> =>
  take(
    raw.POST("/api/simulator/file", {
      params: { query: { name, room, topic, file: file.name } },
      headers: { "content-type": "application/octet-stream" },
      body: file,
      bodySerializer: (body: File) => body,
    }),
  );
