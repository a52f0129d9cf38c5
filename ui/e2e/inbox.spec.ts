import { expect } from "@playwright/test";
import { test } from "./fixtures";
import { clearSimulator, simulator } from "./simulator";

test("a customer asks for a person, a member takes over by typing and hands back", async ({ page }) => {
  test.slow();
  const panel = await simulator(page);
  const field = panel.getByRole("textbox", { name: "Message" });
  await field.fill("I want to talk to a person");
  await field.press("Enter");

  await page.goto("/inbox");
  const list = page.getByRole("list", { name: "Conversations: Needs a person" });
  await list.getByRole("link").filter({ hasText: "Ivan" }).click();
  await expect(page.getByText("A person is asked for").first()).toBeVisible();
  await expect(page.getByText("Sending takes the conversation over")).toBeVisible();

  await page.keyboard.press("r");
  await page.getByRole("textbox", { name: "Reply to Ivan" }).fill("Good afternoon, how can I help?");
  await page.keyboard.press("Enter");
  await expect(page.getByText("You answer; the assistant is silent")).toBeVisible();
  await expect(page.getByRole("button", { name: "Me", exact: true })).toHaveAttribute("aria-pressed", "true");

  await page.getByRole("button", { name: "Note", exact: true }).click();
  await page.getByRole("textbox", { name: "Note for colleagues" }).fill("Wants a call");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("article", { name: /^Note by/ })).toContainText("Wants a call");

  await page.keyboard.press("Escape");
  await page.keyboard.press("t");
  await expect(page.getByText("The assistant answers", { exact: true })).toBeVisible();

  await simulator(page);
  await expect(panel.getByText("Good afternoon, how can I help?")).toBeVisible();
  await expect(panel.getByText("Wants a call")).toHaveCount(0);
  await clearSimulator(panel);
});

test("on a phone the list, the conversation and the details come one after the other", async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto("/inbox");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Inbox");
  await page.getByRole("link", { name: "Closed" }).click();
  await expect(page.getByText("Nothing is closed")).toBeVisible();
});
