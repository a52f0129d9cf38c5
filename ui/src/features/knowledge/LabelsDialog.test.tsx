import { Tooltip } from "@base-ui/react/tooltip";
import { QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor } from "@testing-library/react";
import userEvent, { PointerEventsCheckLevel } from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";
import { cache } from "../../api/cache";
import type { Document } from "../../api/types";
import { setLanguage } from "../../i18n/language";
import { LabelsDialog } from "./LabelsDialog";

const sent = vi.hoisted(() => ({ body: undefined as unknown }));

vi.mock("../../api/client", () => ({
  api: {
    GET: async () => ({ labels: [{ name: "Draft", documents: 1 }], formats: [], languages: [] }),
    POST: async (_path: string, { body }: { body: unknown }) => {
      sent.body = body;
    },
  },
  take: (call: Promise<unknown>) => call,
}));

beforeEach(() => {
  setLanguage("en");
  cache.clear();
});

function document(id: string, labels: string[]): Document {
  return { id, labels } as Document;
}

test("a label that only some have is half ticked; only what was decided is sent", async () => {
  // On a busy computer this took longer than a test may: a search by role and a check for pointer events look at
  // the style of every element, a failed search prints the page, and typing draws once for each letter.
  const user = userEvent.setup({ delay: null, pointerEventsCheck: PointerEventsCheckLevel.Never });
  const onClose = vi.fn();
  render(
    <QueryClientProvider client={cache}>
      <Tooltip.Provider>
        <LabelsDialog
          documents={[document("a", ["Prices"]), document("b", ["prices", "Old"])]}
          onClose={onClose}
        />
      </Tooltip.Provider>
    </QueryClientProvider>,
  );
  const box = (name: RegExp) => screen.getByLabelText<HTMLInputElement>(name);
  await waitFor(() => expect(screen.queryByLabelText(/^Draft/)).not.toBeNull());
  expect(box(/^Draft/).checked).toBe(false);
  expect(box(/^Prices/).checked).toBe(true);
  expect(box(/^Old/).indeterminate).toBe(true);
  expect(screen.getByText("on 1 of 2")).toBeTruthy();

  await user.click(box(/^Old/));
  await user.click(box(/^Prices/));
  await user.click(screen.getByLabelText("New label"));
  await user.paste("  Spring   sale ");
  await user.keyboard("{Enter}");
  expect(box(/^Spring sale/).checked).toBe(true);
  await user.click(screen.getByText("Save"));
  await waitFor(() => expect(onClose).toHaveBeenCalled());
  expect(sent.body).toEqual({ documents: ["a", "b"], add: ["Old", "Spring sale"], remove: ["Prices"] });
});
