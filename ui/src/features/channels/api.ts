// What Channels asks the API for. The first part of every key is a topic of `api/events.ts`.

import { queryOptions } from "@tanstack/react-query";
import { api, take } from "../../api/client";
import type { Bot, BotSettings, Room, Simulator } from "./wire";

export const botsQuery = queryOptions({
  queryKey: ["bots"],
  queryFn: async ({ signal }) => (await take(api.GET("/api/bots", { signal }))).items,
});

export const botQuery = (id: string) =>
  queryOptions({
    queryKey: ["bots", id],
    queryFn: ({ signal }) => take(api.GET("/api/bots/{id}", { params: { path: { id } }, signal })),
  });

/** What the doctor finds; he asks the messenger, so it is not asked for with every event. */
export const doctorQuery = (id: string, language: string) =>
  queryOptions({
    queryKey: ["doctor", id, language],
    queryFn: ({ signal }) =>
      take(api.GET("/api/bots/{id}/doctor", { params: { path: { id }, query: { language } }, signal })),
    staleTime: 60_000,
  });

export const addBot = (token: string, assistantId: string): Promise<Bot> =>
  take(api.POST("/api/bots", { body: { token, assistant_id: assistantId } }));

export interface BotChange {
  assistant_id?: string;
  is_on?: boolean;
  settings?: BotSettings;
}

export const changeBot = ({ id, version }: Bot, change: BotChange): Promise<Bot> =>
  take(api.PATCH("/api/bots/{id}", { params: { path: { id } }, body: { version, ...change } }));

export const setToken = (id: string, token: string): Promise<Bot> =>
  take(api.PUT("/api/bots/{id}/token", { params: { path: { id } }, body: { token } }));

export const removeBot = (id: string): Promise<unknown> =>
  take(api.DELETE("/api/bots/{id}", { params: { path: { id } } }));

/** Days that a link in a shop window is good for: as many as there may be. */
const LINK_DAYS = 3650;

/** The link by which operators are told where somebody comes from. */
export const signedLink = async (id: string, name: string): Promise<string> => {
  const query = { name, days: LINK_DAYS };
  return (await take(api.GET("/api/bots/{id}/link", { params: { path: { id }, query } }))).url;
};

/** Who writes in the simulator, and where. */
export interface Person {
  name: string;
  room: Room;
  topic: number;
}

/** The simulator's chats; with `after` it is waited until something has happened since that version. */
export const simulatorScene = (after: number | undefined, signal: AbortSignal): Promise<Simulator> =>
  take(api.GET("/api/simulator", { params: { query: { after } }, signal }));

export const startSimulator = (assistantId: string): Promise<Simulator> =>
  take(api.POST("/api/simulator", { body: { assistant_id: assistantId } }));

export const endSimulator = (): Promise<unknown> => take(api.DELETE("/api/simulator"));

export const saySomething = (place: Person, text: string): Promise<unknown> =>
  take(api.POST("/api/simulator/say", { body: { place, text } }));

export const tapButton = (
  place: Person,
  message: number,
  row: number,
  column: number,
): Promise<{ toast: string }> =>
  take(api.POST("/api/simulator/tap", { body: { place, message, row, column } }));

export const sendFile = ({ name, room, topic }: Person, file: File): Promise<unknown> =>
  take(
    api.POST("/api/simulator/file", {
      params: { query: { name, room, topic, file: file.name } },
      headers: { "content-type": "application/octet-stream" },
      // The bytes themselves are the body.
      body: [],
      bodySerializer: () => file,
    }),
  );
