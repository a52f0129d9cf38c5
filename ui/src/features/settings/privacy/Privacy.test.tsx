import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { hostsQuery, networkQuery } from "../../../api/queries";
import type { Network } from "../../../api/types";
import { Privacy } from "./Privacy";

function show(network: Network, hosts: { host: string; purpose: string }[] = []) {
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY } } });
  client.setQueryData(networkQuery.queryKey, network);
  const at = "2026-03-02T09:00:00Z";
  client.setQueryData(
    hostsQuery.queryKey,
    hosts.map((host) => ({ ...host, count: 2, first_at: at, last_at: at })),
  );
  render(
    <QueryClientProvider client={client}>
      <Privacy />
    </QueryClientProvider>,
  );
}

test("what the switch stops is said before it is turned, and what is stopped after", () => {
  show({ local_only: false, told: false });
  expect(screen.getByRole("switch", { name: "Nothing leaves this computer" })).toBeDefined();
  expect(screen.getByText("While it is on:")).toBeDefined();
  for (const stopped of [
    /bots are silent/,
    /invitations/,
    /web sites/,
    /models are downloaded/,
    /newer versions/,
  ]) {
    expect(screen.getByText(stopped)).toBeDefined();
  }
});

test("said at the start, it is shown as it is and cannot be turned here", () => {
  show({ local_only: true, told: true });
  const toggle = screen.getByRole("switch", { name: "Nothing leaves this computer" });
  expect(toggle).toHaveProperty("checked", true);
  expect(toggle).toHaveProperty("disabled", true);
  expect(screen.getByText(/CHATAI_LOCAL_ONLY/)).toBeDefined();
  expect(screen.getByText("Stopped at present:")).toBeDefined();
});

test("every host is listed with what it was spoken to for", () => {
  show({ local_only: false, told: false }, [{ host: "api.telegram.org", purpose: "telegram" }]);
  expect(screen.getByText("api.telegram.org")).toBeDefined();
  expect(screen.getByText("Telegram bots")).toBeDefined();
  expect(screen.queryByText(/spoken to nobody/)).toBeNull();
});
