/** The cache of everything read from the API; a mutation says which topics it makes stale. */
import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { ApiProblem, isSignedOut } from "./problem";
import { sessionQuery } from "./queries";

/** An answer says that nobody is signed in: whether the session has ended is asked once. */
function refused(error: Error): void {
  const { queryKey } = sessionQuery;
  if (!isSignedOut(error) || isSignedOut(cache.getQueryState(queryKey)?.error)) return;
  void cache.invalidateQueries({ queryKey });
}

/** What may be better in a moment: the program is starting, or has no time right now. */
const PASSING = ["unreachable", "busy"];

export const cache: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: refused }),
  mutationCache: new MutationCache({
    onError: refused,
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
