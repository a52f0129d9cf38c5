import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { createRef } from "react";
import { beforeEach, expect, it, vi } from "vitest";
import { Composer, type ComposerHandle } from "./Composer";

const onSay = vi.fn();
const onStop = vi.fn();

beforeEach(() => {
  vi.resetAllMocks();
  window.matchMedia = vi.fn().mockReturnValue({ matches: true });
});

function field(isAnswering = false): HTMLTextAreaElement {
  const props = { isAnswering, isDisabled: false, lastQuestion: "What did I ask?", onSay, onStop };
  render(<Composer ref={createRef<ComposerHandle>()} {...props} />);
  return screen.getByRole<HTMLTextAreaElement>("textbox");
}

it("Enter asks what was written, without the white space around it, and empties the field", async () => {
  const text = field();
  await userEvent.type(text, "  How long? {Enter}");
  expect(onSay).toHaveBeenCalledExactlyOnceWith("How long?");
  expect(text.value).toBe("");
});

it("Shift and Enter begins a new line", async () => {
  const text = field();
  await userEvent.type(text, "one{Shift>}{Enter}{/Shift}two");
  expect(text.value).toBe("one\ntwo");
  expect(onSay).not.toHaveBeenCalled();
});

it("Up in an empty field takes the last question again, and leaves what is being written alone", async () => {
  const text = field();
  await userEvent.type(text, "a{ArrowUp}");
  expect(text.value).toBe("a");
  await userEvent.clear(text);
  await userEvent.type(text, "{ArrowUp}");
  expect(text.value).toBe("What did I ask?");
});

it("while an answer comes, Enter keeps the words and the button stops", async () => {
  const text = field(true);
  await userEvent.type(text, "next{Enter}");
  expect(onSay).not.toHaveBeenCalled();
  expect(text.value).toBe("next");
  await userEvent.click(screen.getByRole("button", { name: "Stop" }));
  expect(onStop).toHaveBeenCalledOnce();
});

it("nothing and too much are not asked", async () => {
  const text = field();
  await userEvent.type(text, "   {Enter}");
  await userEvent.clear(text);
  await userEvent.click(text);
  await userEvent.paste("я".repeat(4001));
  expect(screen.getByText("1 character too many")).toBeTruthy();
  await userEvent.keyboard("{Enter}");
  expect(onSay).not.toHaveBeenCalled();
});
