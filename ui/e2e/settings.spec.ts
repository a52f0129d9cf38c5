import { expect, type Page } from "@playwright/test";
import { fakeEngine, KEY } from "./engine";
import { becomeOwner, owner, test } from "./fixtures";
import { start } from "./program";

async function setEngine(page: Page, address: string, model: string, key: string) {
  await page.getByLabel("Address").fill(address);
  await page.getByLabel("Model", { exact: true }).first().fill(model);
  await page.getByLabel("Key", { exact: true }).fill(key);
  const section = page
    .locator("section")
    .filter({ has: page.getByRole("heading", { name: "Engine", exact: true }) });
  await section.getByRole("button", { name: "Save" }).click();
  await expect(section.getByText("is kept")).toBeVisible();
  await section.getByRole("button", { name: "Test" }).click();
  return section.getByRole("status");
}

test("an engine is tested at once, and what is wrong is said in words", async ({ page }) => {
  const engine = await fakeEngine();
  await page.goto("/settings");
  const wrongKey = await setEngine(page, engine.url, "good", "sk-wrong-0123456789");
  await expect(wrongKey).toContainText("did not take the key");
  const missing = await setEngine(page, engine.url, "missing", KEY);
  await expect(missing).toContainText("no model of this name");
  const good = await setEngine(page, engine.url, "good", KEY);
  await expect(good).toContainText("answered in");
  expect(await page.content()).not.toContain(KEY);
  engine.stop();
  const gone = await setEngine(page, engine.url, "good", KEY);
  await expect(gone).toContainText("Nobody answers");
  await page.getByRole("button", { name: "Remove engine" }).click();
  await expect(page.getByText("Servers on this computer often need none")).toBeVisible();
});

test("what puts found passages in order can be had, and is off until it is chosen", async ({ page }) => {
  await page.goto("/settings");
  const list = page.getByRole("list", { name: "Order of what is found" });
  await expect(list.getByText("cross-encoder, Apache-2.0")).toBeVisible();
  await expect(list.getByRole("button", { name: "Download" })).toBeEnabled();
  await expect(page.getByText("Off: passages stand in the order of the search.")).toBeVisible();
});

test("a new recovery code wants the password and is shown once", async ({ page }) => {
  await page.goto("/settings");
  await page.getByRole("button", { name: "Make a new code" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Present password").fill("not the password");
  await dialog.getByRole("button", { name: "Show the code" }).click();
  await expect(dialog.getByText("This is not your present password")).toBeVisible();
  await dialog.getByLabel("Present password").fill(owner.password);
  await dialog.getByRole("button", { name: "Show the code" }).click();
  await expect(dialog.getByLabel("Recovery code", { exact: true })).toHaveText(/^([A-HJ-NP-Z2-9]{4}\s*){7}$/);
  await dialog.getByRole("button", { name: "I have written it down" }).click();
  await expect(dialog).toHaveCount(0);
});

test("a backup is made, and going back to it brings the name of then", async ({ browser }) => {
  const program = await start();
  const page = await browser.newPage();
  try {
    await becomeOwner(page, program.enter);
    await page.goto(`${program.url}/settings`);
    await page.getByRole("button", { name: "Make a backup" }).click();
    await expect(page.getByRole("list", { name: "Backups" }).getByRole("listitem")).toHaveCount(1);
    await page.getByLabel("Name", { exact: true }).first().fill("Another name");
    await page.getByRole("button", { name: "Save" }).first().click();
    await expect(page.getByText("Saved", { exact: true })).toBeVisible();

    await page.getByRole("button", { name: "Go back to it" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Go back" }).click();
    await expect(page.getByRole("heading", { name: "Home", level: 1 })).toBeVisible();
    await page.goto(`${program.url}/settings`);
    await expect(page.getByLabel("Name", { exact: true }).first()).toHaveValue(owner.business);
  } finally {
    await page.close();
    await program.stop();
  }
});

test("a build that nobody publishes says calmly that it looks for nothing newer", async ({ page }) => {
  await page.goto("/settings/updates");
  await expect(page.getByText(/^ChatAI \d+\.\d+\.\d+$/)).toBeVisible();
  await expect(page.getByText("This build does not look for newer versions")).toBeVisible();
  await expect(page.getByRole("switch")).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Look now" })).toHaveCount(0);
});

test("a second engine is added, told what is wrong with it, kept, shown again and removed", async ({
  page,
}) => {
  const first = await fakeEngine();
  const second = await fakeEngine();
  const part = (name: string) =>
    page.locator("section").filter({ has: page.getByRole("heading", { name, exact: true }) });
  try {
    await page.goto("/settings");
    await setEngine(page, first.url, "good", KEY);
    const spare = part("Second engine");
    await spare.getByRole("button", { name: "Add a second engine" }).click();
    await spare.getByLabel("Address").fill(second.url);
    await spare.getByLabel("Model", { exact: true }).fill("missing");
    await spare.getByLabel("Key", { exact: true }).fill(KEY);
    await spare.getByRole("button", { name: "Save" }).click();
    await expect(spare.getByText("is kept")).toBeVisible();
    await spare.getByRole("button", { name: "Test" }).click();
    await expect(spare.getByRole("status")).toContainText("no model of this name");
    await spare.getByLabel("Model", { exact: true }).fill("good");
    await spare.getByRole("button", { name: "Save" }).click();
    await spare.getByRole("button", { name: "Test" }).click();
    await expect(spare.getByRole("status")).toContainText("answered in");

    await page.reload();
    await expect(spare.getByLabel("Address")).toHaveValue(second.url);
    await expect(spare.getByLabel("Model", { exact: true })).toHaveValue("good");
    await expect(spare.getByText("is kept")).toBeVisible();
    await spare.getByRole("button", { name: "Remove engine" }).click();
    await expect(spare.getByRole("button", { name: "Add a second engine" })).toBeVisible();
    await part("Engine").getByRole("button", { name: "Remove engine" }).click();
    await expect(spare).toHaveCount(0);
  } finally {
    first.stop();
    second.stop();
  }
});

test("who did what is written down, and the log is checked: whole", async ({ page }) => {
  await page.goto("/settings");
  await page.getByLabel("Name", { exact: true }).first().fill("Lindenhof Cycles");
  await page.getByRole("button", { name: "Save" }).first().click();
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  await page.goto("/settings/security");
  const log = page.getByRole("list", { name: "Log" });
  await expect(log).toContainText(`${owner.name} changed the settings: name of the business`);
  await expect(page.getByRole("status").filter({ hasText: "Checked: whole." })).toBeVisible();
  await page.goto("/settings");
  await page.getByLabel("Name", { exact: true }).first().fill(owner.business);
  await page.getByRole("button", { name: "Save" }).first().click();
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
});

test("a file that is no model is refused in words", async ({ page }) => {
  await page.goto("/settings");
  const [chooser] = await Promise.all([
    page.waitForEvent("filechooser"),
    page.getByRole("button", { name: "Choose a GGUF file" }).click(),
  ]);
  await chooser.setFiles({
    name: "letter.gguf",
    mimeType: "application/octet-stream",
    buffer: Buffer.from("Dear Anna, this is no model."),
  });
  await expect(page.getByRole("alert")).toContainText("no chat model that can run here");
});

test("nothing leaves this computer once that is switched on, and an engine elsewhere says so", async ({
  page,
}) => {
  await page.goto("/settings/privacy");
  const toggle = page.getByRole("switch", { name: "Nothing leaves this computer" });
  await expect(page.getByText("Your bots are silent")).toBeVisible();
  await toggle.click();
  await expect(page.getByText("Stopped at present:")).toBeVisible();
  await page.reload();
  await expect(toggle).toBeChecked();

  await page.goto("/settings");
  const said = await setEngine(page, "https://far.example/v1", "good", KEY);
  await expect(said).toContainText("Only this computer may be spoken to");
  await page.getByRole("button", { name: "Remove engine" }).click();

  await page.goto("/settings/privacy");
  await expect(page.getByText("far.example")).toHaveCount(0);
  await toggle.click();
  await expect(page.getByText("While it is on:")).toBeVisible();
});

test("what only the window can set is no part of a browser's settings, and says where it is", async ({
  page,
}) => {
  await page.goto("/settings");
  await expect(page.getByRole("link", { name: "Privacy" })).toBeVisible();
  await expect(page.getByRole("link", { name: "This computer" })).toHaveCount(0);
  await page.goto("/settings/computer");
  await expect(page.getByRole("heading", { name: "This is set in ChatAI’s own window" })).toBeVisible();
});
