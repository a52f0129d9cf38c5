import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { expect, type Page } from "@playwright/test";
import { test } from "./fixtures";
import { startWeb } from "./web";

async function add(page: Page, way: string) {
  await page.goto("/knowledge");
  await page.getByRole("button", { name: "More ways to add" }).click();
  await page.getByRole("menuitem", { name: way }).click();
}

test("a web site is added, answers with its link, and goes again with undo", async ({ page }) => {
  const web = await startWeb({
    "/": "<title>Lindenhof</title><h1>Lindenhof</h1><p>Our shop by the river.</p><a href='/leasing'>Leasing</a>",
    "/leasing":
      "<title>Leasing</title><h1>Leasing</h1><p>Leasing of a cargo bicycle runs for thirty-six months.</p><a href='/lost'>x</a>",
  });
  await add(page, "Read a web site");
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "Address" }).fill(web.address);
  await dialog.getByRole("button", { name: "Read" }).click();

  const name = web.address.replace("http://", "").replace(/\/$/, "");
  const card = page.getByRole("listitem", { name });
  await expect(card).toContainText("This address is in your own network.");
  await card.getByRole("button", { name: "It is ours, allow it" }).click();
  await expect(card).toContainText("2 pages in the knowledge · 1 gone", { timeout: 30_000 });
  await card.getByRole("button", { name: "Pages" }).click();
  await expect(card.getByText("There is nothing at this address any more.")).toBeVisible();
  await card.getByRole("link", { name: "Its documents" }).click();
  const row = page.getByRole("row").filter({ hasText: "Leasing" });
  await expect(row).toContainText("Ready to answer");
  await expect(row.getByRole("link", { name: `${name}/leasing` })).toHaveAttribute(
    "href",
    `${web.address}leasing`,
  );

  await page.goto("/playground");
  const field = page.getByRole("textbox", { name: "Your question" });
  await field.fill("How long does leasing of a cargo bicycle run?");
  await field.press("Enter");
  const answer = page.locator("[data-answer][data-outcome]").last();
  await expect(answer).toContainText("thirty-six months");
  await page
    .getByRole("button", { name: /^Source 1/ })
    .first()
    .click();
  const panel = page.getByRole("complementary", { name: "Sources" });
  await expect(panel.getByRole("link", { name: `${name}/leasing` })).toBeVisible();

  await page.goto("/knowledge/sources");
  await card.getByRole("button", { name: `What to do with ${name}` }).click();
  await page.getByRole("menuitem", { name: "Remove with its documents" }).click();
  await expect(card).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(card).toBeVisible();
  web.stop();
});

test("a watched folder brings its files in, and a system folder is refused", async ({ page }) => {
  const folder = mkdtempSync(join(tmpdir(), "papers-"));
  writeFileSync(join(folder, "repairs.txt"), "A repair of a brake takes twenty minutes.");
  await add(page, "Watch a folder");
  const dialog = page.getByRole("dialog");
  const path = dialog.getByRole("textbox", { name: "The folder's whole path" });
  await path.fill(homedir());
  await dialog.getByRole("button", { name: "Watch" }).click();
  await expect(dialog.getByRole("alert")).toBeVisible();
  await path.fill(folder);
  await dialog.getByRole("button", { name: "Watch" }).click();
  const card = page.getByRole("listitem", { name: folder });
  await expect(card).toContainText("1 file in the knowledge", { timeout: 30_000 });
  writeFileSync(join(folder, "parking.txt"), "Bicycles are parked behind the house.");
  await expect(card).toContainText("2 files in the knowledge", { timeout: 30_000 });
  rmSync(folder, { recursive: true });
});
