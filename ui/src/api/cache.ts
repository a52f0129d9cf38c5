/** The cache of everything read from the API; a mutation says which topics it makes stale. */
import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { ApiProblem } from "./problem";

function signedOut(error: Error): void {
  if (error instanceof ApiProblem && error.code === "not_signed_in") {
    cache.setQueryData(["session"], (session: object | undefined) => session && { ...session, member: null });
  }
}

/** What may be better in a moment: the program is starting, or has no time right now. */
const PASSING = ["unreachable", "busy"];

export const cache: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: signedOut }),
  mutationCache: new MutationCache({
    onError: signedOut,
    onSuccess: (_data, _variables, _result, mutation) => {
      const topics = mutation.meta?.stale ?? [];
      void cache.invalidateQueries({ predicate: ({ queryKey }) => topics.includes(String(queryKey[0])) });
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      retry: (count, error) => error instanceof ApiProblem && PASSING.includes(error.code) && count < 2,
    },
  },
});

declare module "@tanstack/react-query" {
  interface Register {
    mutationMeta: { stale?: readonly string[] };
    defaultError: Error;
  }
}
