/** The typed client of the API: paths, parameters and answers come from the generated schema. */
import createClient from "openapi-fetch";
import { ApiProblem, problemOf } from "./problem";
import type { paths } from "./schema";

export const api = createClient<paths>({
  baseUrl: "/",
  headers: { "x-chatai": "1" },
  fetch: async (request: Request) => {
    try {
      return await fetch(request);
    } catch (reason) {
      if (reason instanceof DOMException && reason.name === "AbortError") throw reason;
      throw new ApiProblem("unreachable", 0);
    }
  },
});

/** The data of an answer, or its problem thrown. */
export async function take<Data>(
  call: Promise<{ data?: Data; error?: unknown; response: Response }>,
): Promise<Data> {
  const { data, error, response } = await call;
  if (!response.ok) throw problemOf(error, response.status);
  return data as Data;
}
