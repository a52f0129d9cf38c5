import { expect, type Locator, type Page } from "@playwright/test";
import { fine } from "./fine";
import { owner, test } from "./fixtures";
import { start } from "./program";
import { clearSimulator, simulator } from "./simulator";

const terms = `# Terms of sale

## Delivery

Delivery inside the country takes two working days. Orders placed before noon leave the same day.

## Can I return a bicycle?

A bicycle can be returned free of charge within fourteen days.
`;

/** Goes on with Tab until something has the focus; nobody tabs for ever. */
async function tabTo(page: Page, target: Locator) {
  await expect(target).toBeEnabled();
  for (let taps = 0; taps < 60; taps += 1) {
    if (await target.evaluate((node) => node === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`${target} is not reached by Tab`);
}

async function press(page: Page, name: string | RegExp) {
  await tabTo(page, page.getByRole("button", { name, exact: true }));
  await page.keyboard.press("Enter");
}

test("from zero to the first answer, by keyboard alone", async ({ browser }) => {
  test.setTimeout(180_000);
  const program = await start();
  const context = await browser.newContext({ storageState: undefined });
  const page = await context.newPage();
  const type = (text: string) => page.keyboard.type(text);
  const title = page.getByRole("heading", { level: 1 });
  try {
    await page.goto(program.enter);
    await expect(page.getByLabel("Name of the business")).toBeFocused();
    await type(owner.business);
    for (const text of [owner.name, owner.email]) {
      await page.keyboard.press("Tab");
      await type(text);
    }
    await tabTo(page, page.getByLabel("Password", { exact: true }));
    await type(owner.password);
    await page.keyboard.press("Enter");
    await press(page, "I have written it down");

    await expect(title).toHaveText("Which language do you speak?");
    await expect(title).toBeFocused();
    await fine(page);
    await press(page, "Next");

    await expect(title).toHaveText("Who are you?");
    await expect(page.getByLabel("Name of the business")).toHaveValue(owner.business);
    await tabTo(page, page.getByLabel("What you do, in one line"));
    await type("We sell and repair bicycles");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
    await expect(page.getByRole("radio", { name: "Shop" })).toBeChecked();
    await expect(page.getByText(`Hello, this is ${owner.business}.`)).toBeVisible();
    await fine(page);
    await press(page, "Next");

    await expect(title).toHaveText("What may it answer from?");
    await expect(page.getByRole("button", { name: "Next" })).toBeDisabled();
    const [chooser] = await Promise.all([page.waitForEvent("filechooser"), press(page, "Choose files")]);
    await chooser.setFiles({ name: "terms.md", mimeType: "text/markdown", buffer: Buffer.from(terms) });
    await expect(page.getByRole("list", { name: "Documents" })).toContainText("Ready to answer");
    await fine(page);
    await press(page, "Next");

    await expect(title).toHaveText("Ask it something");
    await press(page, "Ask: Can I return a bicycle?");
    const asked = page.getByRole("listitem").filter({ hasText: "Can I return a bicycle?" }).first();
    await expect(asked).toContainText("within fourteen days");
    await press(page, "Right");
    await expect(asked).toContainText("right");
    // What it cannot answer yet is answered once.
    const beyond = page.getByRole("list", { name: "What it cannot answer yet" });
    await expect(beyond.getByRole("listitem").first()).toBeVisible();
    await fine(page);
    const open = await beyond.getByRole("paragraph").first().innerText();
    await press(page, `Write the answer to: ${open}`);
    await expect(page.getByRole("textbox", { name: "Answer", exact: true })).toBeFocused();
    await type("Ask Anna at the counter.");
    await press(page, "Save");
    await expect(beyond.getByRole("listitem").first()).toContainText("answered by you from now on");

    // What is left is found again.
    await page.goto(program.url);
    await press(page, "Go through them one by one");
    await expect(title).toHaveText("Ask it something");
    await expect(beyond.getByRole("listitem").first()).toBeVisible();
    await expect(beyond.getByText(open)).toHaveCount(0);
    await tabTo(page, page.getByLabel("Or ask what your customers ask"));
    await type("Do you repair unicycles on Sundays?");
    await page.keyboard.press("Enter");
    await expect(page.getByText("It refused, because it is not sure.")).toBeVisible();
    await press(page, "Write the answer");
    await expect(page.getByRole("textbox", { name: "Answer", exact: true })).toBeFocused();
    await type("Yes, from ten to two.");
    await press(page, "Save");
    await expect(page.getByText("answered by you from now on")).toBeVisible();
    await press(page, "Next");

    await expect(title).toHaveText("Who writes the answers?");
    await expect(page.getByRole("radio", { name: /^Quotes, now/ })).toBeChecked();
    await fine(page);
    await press(page, "Next");

    await expect(title).toHaveText("Connect Telegram");
    await press(page, "Connect a bot");
    await expect(page.getByLabel("Token")).toBeFocused();
    await page.keyboard.press("Escape");
    await fine(page);
    await press(page, "Skip");

    await expect(title).toHaveText("Your assistant is ready");
    await expect(page.getByRole("list", { name: "What stands" })).toContainText("1 document to answer from");
    await fine(page);
    await press(page, "Go to Home");
    await expect(title).toHaveText("Home");
    await expect(page.getByText("Connect a Telegram bot")).toBeVisible();
    await expect(page.getByRole("button", { name: "Go through them one by one" })).toHaveCount(0);
  } finally {
    await context.close();
    await program.stop();
  }
});

test("the demo company in one click, in Russian, on a phone", async ({ browser }) => {
  test.setTimeout(180_000);
  const program = await start();
  const context = await browser.newContext({
    storageState: undefined,
    viewport: { width: 360, height: 740 },
    locale: "ru-RU",
  });
  const page = await context.newPage();
  const fits = async () =>
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  const next = () => page.getByRole("button", { name: "Дальше" }).click();
  try {
    await page.goto(program.enter);
    await page.getByLabel("Название компании").fill("Педаль");
    await page.getByLabel("Ваше имя").fill(owner.name);
    await page.getByLabel("Почта").fill(owner.email);
    await page.getByLabel("Пароль", { exact: true }).fill(owner.password);
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Код записан" }).click();
    await expect(page.getByRole("radio", { name: /Русский/ })).toBeChecked();
    await fits();
    await next();
    await page.getByText("Магазин", { exact: true }).click();
    await expect(page.getByText("Здравствуйте! Это Педаль.")).toBeVisible();
    await fits();
    await next();
    await page.getByRole("button", { name: "Взять пример компании" }).click();
    await expect(page.getByText("Загружен пример")).toBeVisible();
    await expect(page.getByRole("list", { name: "Документы" }).getByRole("listitem")).toHaveCount(8);
    await fits();
    await next();
    const questions = page.getByRole("list", { name: "Вопросы" }).getByRole("listitem");
    await expect(questions.first()).toBeVisible({ timeout: 60_000 });
    await questions.first().getByRole("button").first().click();
    await expect(questions.first().getByRole("button", { name: "Верно", exact: true })).toBeVisible();
    await fits();
    await next();
    await fits();
    await page.getByRole("button", { name: "Пропустить" }).click();
    await page.getByRole("button", { name: "Пропустить" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Помощник готов");
    await fits();
  } finally {
    await context.close();
    await program.stop();
  }
});

test("what is written to the bot appears in the first steps with its answer and its time", async ({
  page,
}) => {
  await page.request.post("/api/texts", {
    data: { name: "Delivery", text: "# Delivery\n\nDelivery takes two working days." },
    headers: { "x-chatai": "1" },
  });
  const panel = await simulator(page);
  const steps = await page.context().newPage();
  await steps.goto("/start/telegram");
  await panel.getByRole("textbox", { name: "Message" }).fill("How long does delivery take?");
  await panel.getByRole("textbox", { name: "Message" }).press("Enter");
  const first = steps.getByRole("region", { name: "Your first message" });
  await expect(first).toContainText("How long does delivery take?");
  await expect(first).toContainText(/answered in|answers now/);
  await steps.close();
  await clearSimulator(panel);
});

test("the first steps read a site, and refuse one of the own network in words", async ({ page }) => {
  await page.goto("/start/files");
  await page.getByRole("button", { name: "Read a web site" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "Address" }).fill("http://127.0.0.1:9/");
  await dialog.getByRole("button", { name: "Read", exact: true }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page).toHaveURL(/\/start\/files/);
  const sources = page.getByRole("list", { name: "Sites and folders" });
  await expect(sources).toContainText("This address is in your own network.");
  const { items } = await (await page.request.get("/api/followed")).json();
  await page.request.delete(`/api/sources/${items[0].source_id}`, { headers: { "x-chatai": "1" } });
});
