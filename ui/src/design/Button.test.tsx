import { QueryClient, QueryClientProvider, useMutation } from "@tanstack/react-query";
import { act, fireEvent, render, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { Button } from "./Button";

const send = vi.fn(() => new Promise<void>(() => {}));

function Sender() {
  const sending = useMutation({ mutationFn: send });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        sending.mutate();
      }}
    >
      <Button type="submit" busy={sending.isPending}>
        Send
      </Button>
    </form>
  );
}

const soon = () => act(() => new Promise((resolve) => setTimeout(resolve, 30)));

test("a form whose button is pressed twice at once is sent once", async () => {
  render(
    <QueryClientProvider client={new QueryClient()}>
      <Sender />
    </QueryClientProvider>,
  );
  const button = screen.getByRole("button");
  fireEvent.click(button);
  fireEvent.click(button);
  await soon();
  expect(send).toHaveBeenCalledTimes(1);
  expect(button).toHaveProperty("disabled", true);
});

test("a second press that comes later counts", async () => {
  const press = vi.fn();
  render(<Button onClick={press}>More</Button>);
  fireEvent.click(screen.getByRole("button"));
  fireEvent.click(screen.getByRole("button"));
  expect(press).toHaveBeenCalledTimes(1);
  await soon();
  fireEvent.click(screen.getByRole("button"));
  expect(press).toHaveBeenCalledTimes(2);
});
