import { Tooltip } from "@base-ui/react/tooltip";
import { QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { createRef } from "react";
import { beforeEach, expect, test, vi } from "vitest";
import { cache } from "../../api/cache";
import { setLanguage } from "../../i18n/language";
import { Composer, type ComposerHandle } from "./Composer";
import type { Row, SavedReply } from "./wire";

const sending = { unsent: [], send: vi.fn(), again: vi.fn(), discard: vi.fn() };
const onTyped = vi.fn();

beforeEach(() => {
  vi.resetAllMocks();
  setLanguage("en");
  Element.prototype.scrollIntoView = vi.fn();
  cache.clear();
  cache.setQueryData(["session"], { business: "Lindenhof", member: { id: "m1", name: "Ann" } });
  cache.setQueryData(
    ["saved-replies"],
    [reply("Hours", "We open at nine, {name}."), reply("Later", "Later.")],
  );
});

const reply = (name: string, text: string): SavedReply => ({
  id: name,
  name,
  language: "",
  text,
  updated_at: "",
});

function field(id: string): HTMLTextAreaElement {
  const row = { id, contact_name: "Ivan", language: "en", handoff: { state: "ai" } } as unknown as Row;
  render(
    <QueryClientProvider client={cache}>
      <Tooltip.Provider>
        <Composer
          ref={createRef<ComposerHandle>()}
          row={row}
          name="Ivan"
          me="m1"
          sending={sending}
          onTyped={onTyped}
        />
      </Tooltip.Provider>
    </QueryClientProvider>,
  );
  return screen.getByRole<HTMLTextAreaElement>("textbox");
}

test("a slash offers saved replies, arrows choose, Enter puts one in with the name", async () => {
  const user = userEvent.setup();
  const text = field("a");
  await user.type(text, "/");
  expect(screen.getAllByRole("option").map(({ textContent }) => textContent)).toEqual([
    expect.stringContaining("Hours"),
    expect.stringContaining("Later"),
  ]);
  await user.keyboard("{ArrowDown}{ArrowUp}{Enter}");
  expect(text.value).toBe("We open at nine, Ivan.");
  expect(sending.send).not.toHaveBeenCalled();
  expect(screen.queryByRole("listbox")).toBeNull();
  await user.keyboard("{Enter}");
  expect(sending.send).toHaveBeenCalledExactlyOnceWith("reply", "We open at nine, Ivan.");
});

test("Escape sends the list away, and the slash is an ordinary one then", async () => {
  const user = userEvent.setup();
  const text = field("b");
  await user.type(text, "/x{Escape}");
  expect(screen.queryByRole("listbox")).toBeNull();
  await user.keyboard("{Enter}");
  expect(sending.send).toHaveBeenCalledExactlyOnceWith("reply", "/x");
  expect(text.value).toBe("");
});

test("colleagues are told of typing, and that nothing is left of it", async () => {
  const user = userEvent.setup();
  await user.type(field("c"), "a{Backspace}");
  expect(onTyped.mock.calls).toEqual([[false], [true]]);
});
