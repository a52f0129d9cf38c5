/** The simulator's panel, as stories use it. */
import { expect, type Locator, type Page } from "@playwright/test";

/** Opens the panel with a customer in it, who goes on where an earlier story left off. */
export async function simulator(page: Page): Promise<Locator> {
  await page.goto("/channels?simulator=");
  const panel = page.getByRole("complementary", { name: "Simulator" });
  const start = panel.getByRole("button", { name: "Start the simulator" });
  await expect(start.or(panel.getByRole("textbox", { name: "Message" }))).toBeVisible();
  if (await start.isVisible()) await start.click();
  return panel;
}

/** Ends what runs in the panel and clears its conversations, so that the next story meets nobody. */
export async function clearSimulator(panel: Locator) {
  await panel.getByRole("button", { name: "End and clear" }).click();
  await expect(panel.getByRole("button", { name: "Start the simulator" })).toBeVisible();
}
