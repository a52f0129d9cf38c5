import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { updatesQuery } from "../../../api/queries";
import type { Updates as Now } from "../../../api/types";
import { Updates } from "./Updates";

const calm: Now = {
  installed: "0.1.0",
  host: "get.shop.example",
  daily: true,
  offline: false,
  checking: false,
  checked_at: "2026-03-02T09:00:00Z",
  found: null,
  stage: "nothing",
  there: 0,
  command: null,
  trouble: null,
  way: "asks",
};
const newer: Now = {
  ...calm,
  found: {
    version: "0.2.0",
    published_at: "2026-03-01T09:00:00Z",
    notes_en: "Answers sooner.",
    notes_ru: "Отвечает быстрее.",
    size: 20_000_000,
  },
};

function show(now: Now) {
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY } } });
  client.setQueryData(updatesQuery.queryKey, now);
  render(
    <QueryClientProvider client={client}>
      <Updates />
    </QueryClientProvider>,
  );
}

test("the newest version says so, and one that failed to look does not", () => {
  show(calm);
  expect(screen.getByText("This is the newest version")).toBeDefined();
  expect(screen.queryByRole("alert")).toBeNull();
});

test("what went wrong is said with the host and what to do", () => {
  show({ ...calm, trouble: "unreachable" });
  const alert = screen.getByRole("alert").textContent;
  expect(alert).toContain("get.shop.example cannot be reached");
  expect(alert).toContain("try again");
  expect(screen.queryByText("This is the newest version")).toBeNull();
});

test("a newer version tells what is new, how large it is and what installing it does", () => {
  show(newer);
  expect(screen.getByText("Answers sooner.")).toBeDefined();
  expect(screen.getByRole("button", { name: "Download 20 MB" })).toBeDefined();
  expect(screen.getByText(/A backup of everything is made/)).toBeDefined();
  expect(screen.getByText(/asks for your password/)).toBeDefined();
});

test("nothing can be installed before it is here, and elsewhere the command is shown", () => {
  show({ ...newer, stage: "prepared", command: "sudo apt-get install a.deb", way: "shown" });
  expect(screen.getByText("sudo apt-get install a.deb")).toBeDefined();
  expect(screen.queryByRole("button", { name: /install/ })).toBeNull();
});

test("a copy without a package is told the way it came", () => {
  show({ ...newer, found: newer.found && { ...newer.found, size: null } });
  expect(screen.getByText(/no package for this copy/)).toBeDefined();
  expect(screen.queryByRole("button", { name: /Download/ })).toBeNull();
});
