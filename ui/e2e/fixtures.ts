/** One program for all tests of a worker, its owner signed in, and a page on which nothing may be refused. */
import { type BrowserContext, test as base, expect, type Page } from "@playwright/test";
import { type Program, start } from "./program";

export const owner = {
  business: "Lindenhof Bicycles",
  name: "Anna Lind",
  email: "anna@lindenhof.example",
  password: "correct horse battery staple",
};

type State = Awaited<ReturnType<BrowserContext["storageState"]>>;

export const test = base.extend<object, { program: Program; signedIn: State }>({
  program: [
    // biome-ignore lint/correctness/noEmptyPattern: the runner wants a pattern here
    async ({}, use) => {
      const program = await start();
      await use(program);
      await program.stop();
    },
    { scope: "worker", timeout: 120_000 },
  ],
  signedIn: [
    async ({ program, browser }, use) => {
      const context = await browser.newContext();
      const page = await context.newPage();
      await becomeOwner(page, program.enter);
      const state = await context.storageState();
      await context.close();
      await use(state);
    },
    { scope: "worker", timeout: 120_000 },
  ],
  baseURL: async ({ program }, use) => use(program.url),
  storageState: async ({ signedIn }, use) => use(signedIn),
  page: async ({ page, program }, use, info) => {
    const refused = complaints(page);
    await use(page);
    if (info.status !== info.expectedStatus) await tell(page, program);
    expect(refused, "nothing is refused by the policy and nothing breaks").toEqual([]);
  },
});

/** Makes the first owner of a fresh program and leaves the first steps for later; gives the recovery code. */
export async function becomeOwner(page: Page, enter: string): Promise<string> {
  await page.goto(enter);
  await page.getByLabel("Name of the business").fill(owner.business);
  await page.getByLabel("Your name").fill(owner.name);
  await page.getByLabel("E-mail").fill(owner.email);
  await page.getByLabel("Password", { exact: true }).fill(owner.password);
  await page.getByRole("button", { name: "Create workspace" }).click();
  const code = await page.getByLabel("Recovery code", { exact: true }).innerText();
  await page.getByRole("button", { name: "I have written it down" }).click();
  await page.getByRole("link", { name: "Leave this for later" }).click();
  await expect(page.getByRole("heading", { name: "Home", level: 1 })).toBeVisible();
  return code.replace(/\s+/g, "-");
}

/** Prints what stood on the page and in the program's log when a story failed: elsewhere the trace is not at hand. */
async function tell(page: Page, program: Program) {
  const stood = await page
    .locator("body")
    .ariaSnapshot({ timeout: 5_000 })
    .catch((error: Error) => error.message);
  process.stdout.write(`${page.url()}\n${stood}\n\nThe program's last words:\n${program.lastWords()}\n`);
}

/** What the browser refused to load or run, and what broke. */
function complaints(page: Page): string[] {
  const list: string[] = [];
  page.on("pageerror", (error) => list.push(error.message));
  page.on("console", (message) => {
    if (/Content.Security.Policy|Trusted ?Type/i.test(message.text())) list.push(message.text());
  });
  return list;
}
