import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { sessionQuery } from "../../../api/queries";
import type { Session, ThisComputer } from "../../../api/types";
import { computerQuery } from "../../../host/window";
import { Computer } from "./Computer";

const calm: ThisComputer = {
  data: "/home/anna/.local/share/chatai",
  bytes: 52_000_000,
  network: null,
  movable: "yes",
  old: null,
  failed: null,
  starts_with_computer: false,
  chooses: true,
};
const session: Session = { member: null, first_run: false, business: "", window: true };

function show(computer: Partial<ThisComputer>, inWindow = true) {
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY } } });
  client.setQueryData(sessionQuery.queryKey, { ...session, window: inWindow });
  client.setQueryData(computerQuery.queryKey, { ...calm, ...computer });
  render(
    <QueryClientProvider client={client}>
      <Computer />
    </QueryClientProvider>,
  );
}

test("a browser is told calmly where this is set, and offered nothing", () => {
  show({}, false);
  expect(screen.getByText("This is set in ChatAI’s own window")).toBeDefined();
  expect(screen.queryByRole("switch")).toBeNull();
  expect(screen.queryByRole("button")).toBeNull();
});

test("the window shows where the data lies, how large it is, and offers to move it", () => {
  show({});
  expect(screen.getByText("/home/anna/.local/share/chatai")).toBeDefined();
  expect(screen.getByText("52 MB")).toBeDefined();
  expect(screen.getByRole("button", { name: "Move to another place" })).toBeDefined();
  expect(screen.getByRole("switch", { name: "Start with this computer" })).toBeDefined();
});

test("where the place was said at the start, it says so instead of offering to move it", () => {
  show({ movable: "told" });
  expect(screen.queryByRole("button", { name: "Move to another place" })).toBeNull();
  expect(screen.getByText(/--data or CHATAI_DATA/)).toBeDefined();
});

test("a move that came to nothing is told, and after one that went well the old folder can be seen", () => {
  show({ failed: "copy to /mnt/disk: no space left", old: "/home/anna/.local/share/chatai.moved" });
  expect(screen.getByRole("alert").textContent).toContain("no space left");
  expect(screen.getByText("/home/anna/.local/share/chatai.moved")).toBeDefined();
  expect(screen.getByRole("button", { name: "Show the old folder" })).toBeDefined();
});

test("a folder of the network is warned of", () => {
  show({ network: "cifs" });
  expect(screen.getByText(/A break of the network can damage the data/)).toBeDefined();
});
