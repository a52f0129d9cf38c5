/** What the program's own window can do and a browser cannot, asked for by capability. */
import { queryOptions, useQuery } from "@tanstack/react-query";
import { api, take } from "../api/client";
import { sessionQuery } from "../api/queries";

/** This computer; only the window may ask. */
export const computerQuery = queryOptions({
  queryKey: ["host"],
  queryFn: ({ signal }) => take(api.GET("/api/host", { signal })),
});

/** True in the program's own window. */
export function useInWindow(): boolean {
  return useQuery(sessionQuery).data?.window ?? false;
}

/** Lets the person choose a folder in the system's dialog; `null` where nobody can. The path, or nothing when they chose none. */
export function useFolderChooser(): (() => Promise<string | undefined>) | null {
  const inWindow = useInWindow();
  const chooses = useQuery({ ...computerQuery, enabled: inWindow }).data?.chooses ?? false;
  return chooses ? choose : null;
}

async function choose(): Promise<string | undefined> {
  return (await take(api.POST("/api/host/choose-folder"))).path ?? undefined;
}
