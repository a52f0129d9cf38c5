import { expect } from "@playwright/test";
import { test } from "./fixtures";
import { clearSimulator, simulator } from "./simulator";

test("the empty page leads to the token, and what is no token is told at once", async ({ page }) => {
  await page.goto("/channels");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Channels");
  await page.getByRole("button", { name: "Add a bot" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Token").fill("my bot");
  await expect(dialog.getByRole("alert")).toContainText("There is no token in this");
  await expect(dialog.getByRole("button", { name: "Connect" })).toBeDisabled();
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
});

test("in the simulator a customer asks without a token and without a network", async ({ page }) => {
  const panel = await simulator(page);
  await panel.getByRole("textbox", { name: "Message" }).fill("Hello");
  await panel.getByRole("textbox", { name: "Message" }).press("Enter");
  await expect(panel.locator("[data-bot]").first()).toBeVisible();
  await panel.getByRole("button", { name: "Group", exact: true }).click();
  await expect(panel.getByText("Mention the bot")).toBeVisible();
  await clearSimulator(panel);
});
