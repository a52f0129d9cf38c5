import { readFileSync } from "node:fs";
import { expect } from "@playwright/test";
import { fine } from "./fine";
import { test } from "./fixtures";

test("prices are entered once, and money stands beside tokens, by engine and by assistant", async ({
  page,
  program,
}) => {
  const headers = { "x-chatai": "1", origin: program.url };
  const change = (data: object) => page.request.patch("/api/settings", { headers, data });
  await change({ remote: { base_url: "http://127.0.0.1:9/v1", model: "good" } });
  const { items } = await (await page.request.get("/api/assistants")).json();
  // Tokens that an engine elsewhere would have counted; what they cost is what the program makes of the prices.
  const date = new Date().toISOString().slice(0, 10);
  await page.route("**/api/activity?*", async (route) => {
    const response = await route.fetch();
    const activity = await response.json();
    const isPriced = activity.currency !== null;
    activity.engines.push({
      date,
      engine: "remote:good",
      answers: 3,
      prompt_tokens: 1_000_000,
      answer_tokens: 500_000,
      cost_micros: isPriced ? 450_000 : null,
    });
    if (isPriced) activity.assistants.push({ date, assistant_id: items[0].id, cost_micros: 450_000 });
    await route.fulfill({ response, json: activity });
  });
  await page.goto("/analytics");
  await page.getByRole("link", { name: "Enter its prices" }).click();
  await expect(page.getByText("No price is entered for good")).toBeVisible();
  await expect(page.getByRole("region", { name: "Cost by engine", exact: true })).toHaveCount(0);
  await page.getByLabel("Currency").selectOption("EUR");
  await page.getByLabel("A million tokens read").fill("0,15");
  await page.getByLabel("A million tokens written").fill("cheap");
  await expect(page.getByText("A number from 0")).toBeVisible();
  await page.getByLabel("A million tokens written").fill("0.6");
  await page.getByRole("button", { name: "Save prices" }).click();
  await expect(page.getByText("Prices saved")).toBeVisible();
  const cost = page.getByRole("region", { name: "Cost by engine", exact: true });
  await expect(cost).toContainText("These days cost €0.45 at the prices of now.");
  await expect(page.getByText("No price is entered")).toHaveCount(0);
  await fine(page);
  await page.reload();
  await expect(page.getByLabel("A million tokens read")).toHaveValue("0.15");

  await page.goto("/analytics");
  const chart = page.getByRole("region", { name: "Cost by assistant", exact: true });
  await expect(chart).toContainText("€0.45");
  await expect(chart).toContainText(items[0].name);
  await fine(page);
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Save as CSV" }).click(),
  ]);
  const table = readFileSync(await file.path(), "utf8");
  expect(table.split("\r\n")[0]).toContain(`Cost of ${items[0].name}, EUR (days of UTC)`);
  await change({ remote: null, prices: [], currency: "" });
});
