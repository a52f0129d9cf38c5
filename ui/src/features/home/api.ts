// What Home asks the API for: everything at once. The first part of the key is a topic of `api/events.ts`.

import { queryOptions } from "@tanstack/react-query";
import { api, take } from "../../api/client";
import { midnight } from "./needs";

export const homeQuery = queryOptions({
  queryKey: ["home"],
  queryFn: ({ signal }) =>
    take(api.GET("/api/home", { params: { query: { since: midnight(new Date()) } }, signal })),
});
