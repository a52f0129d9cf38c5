import AxeBuilder from "@axe-core/playwright";
import { expect } from "@playwright/test";
import { test } from "./fixtures";
import { clearSimulator, simulator } from "./simulator";

test("what customers asked stands in the charts, by pointer, by keyboard and as a table", async ({
  page,
}) => {
  await page.goto("/analytics");
  await expect(page.getByText("Nobody has asked anything in these days.")).toBeVisible();
  const panel = await simulator(page);
  const message = panel.getByRole("textbox", { name: "Message" });
  await message.fill("Do you repair unicycles on Sundays?");
  await message.press("Enter");
  await expect(panel.locator("[data-bot]").first()).toBeVisible();

  await page.goto("/analytics");
  const chart = page.getByRole("region", { name: "Questions and what became of them", exact: true });
  await expect(chart).toContainText("1 message came in");
  const reader = chart.getByRole("slider", { name: "Questions and what became of them: day by day" });
  await reader.focus();
  await expect(reader).toHaveAttribute("aria-valuetext", /Answered 0 · Handed over \d · Not answered \d/);
  const today = await reader.getAttribute("aria-valuetext");
  await page.keyboard.press("ArrowLeft");
  await expect(reader).not.toHaveAttribute("aria-valuetext", today ?? "");
  await expect(reader).toHaveAttribute("aria-valuetext", /Not answered 0$/);
  await chart.getByRole("button", { name: "As a table" }).click();
  await expect(chart.getByRole("row")).toHaveCount(31);
  await expect(chart.getByRole("columnheader").nth(1)).toHaveText("Answered");
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);

  await page.getByRole("button", { name: "7 days" }).click();
  await expect(chart.getByRole("row")).toHaveCount(8);
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Save as CSV" }).click(),
  ]);
  expect(file.suggestedFilename()).toMatch(/^chatai-\d{4}-\d\d-\d\d\.csv$/);

  await page.goto("/");
  await expect(page.getByRole("region", { name: "The last two weeks", exact: true })).toContainText(
    "1 message came in.",
  );
  await clearSimulator(await simulator(page));
});

test("what engines used up has a page, and says calmly when there was nothing", async ({ page }) => {
  await page.goto("/settings/usage");
  await expect(page.getByRole("region", { name: "Tokens by engine", exact: true })).toContainText(
    "No engine that counts tokens was used in these days.",
  );
});
