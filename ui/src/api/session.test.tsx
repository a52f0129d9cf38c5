import { QueryClient } from "@tanstack/react-query";
import { afterEach, expect, test, vi } from "vitest";
import { api } from "./client";
import { sessionQuery } from "./queries";

const member = { id: "m1", name: "Ann", email: "ann@shop.example", role: "owner" };
const session = { business: "Shop", first_run: false, window: false };
const answers = (data: object) =>
  vi.spyOn(api, "GET").mockResolvedValue({ data, response: new Response() } as never);

afterEach(() => void vi.restoreAllMocks());

test("a page without a session knows of nobody", async () => {
  answers({ ...session, member: null });
  expect((await new QueryClient().fetchQuery(sessionQuery)).member).toBeNull();
});

test("a session that ended is an error, and whose page it is stays known", async () => {
  const cache = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  answers({ ...session, member });
  await cache.fetchQuery(sessionQuery);
  answers({ ...session, member: null });
  await expect(cache.fetchQuery({ ...sessionQuery, staleTime: 0 })).rejects.toMatchObject({
    code: "not_signed_in",
  });
  expect(cache.getQueryData(sessionQuery.queryKey)?.member).toEqual(member);
});
