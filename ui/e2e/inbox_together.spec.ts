/** Two people in one Inbox: labels, saved replies, who looks after what, who is there; and what a viewer may not. */
import { type Browser, expect, type Page } from "@playwright/test";
import { fine } from "./fine";
import { test } from "./fixtures";
import type { Program } from "./program";
import { clearSimulator, simulator } from "./simulator";

const PASSWORD = "three plain words more";

test.afterEach(async ({ page }) => clearSimulator(await simulator(page)));

/** A customer of the simulator writes; gives the address of their conversation. */
async function customerWrites(page: Page, text: string): Promise<string> {
  const panel = await simulator(page);
  const field = panel.getByRole("textbox", { name: "Message" });
  await field.fill(text);
  await field.press("Enter");
  await expect(panel.getByText(text)).toBeVisible();
  let id = "";
  await expect(async () => {
    const { items } = await (await page.request.get("/api/conversations?channel=telegram")).json();
    id = items[0].id;
    expect(items[0].last.text).toBeTruthy();
  }).toPass();
  return id;
}

/** Somebody of this role with a browser of their own. */
async function join(browser: Browser, program: Program, owner: Page, role: string, name: string) {
  const headers = { "x-chatai": "1", origin: program.url };
  const made = await owner.request.post("/api/invitations", { headers, data: { role, language: "en" } });
  const { link } = await made.json();
  const context = await browser.newContext({ baseURL: program.url, storageState: undefined });
  const joined = await context.request.post("/api/invitation/accept", {
    headers,
    data: {
      token: link.split("#")[1],
      name,
      email: `${name.toLowerCase()}@lindenhof.example`,
      password: PASSWORD,
    },
  });
  expect(joined.ok(), await joined.text()).toBe(true);
  return { context, page: await context.newPage() };
}

test("two browsers in one conversation see each other, and never disagree for more than a second", async ({
  browser,
  page,
  program,
}) => {
  test.slow();
  const id = await customerWrites(page, "I want to talk to a person");
  const vera = await join(browser, program, page, "operator", "Vera");
  await page.goto(`/inbox/needs/${id}`);
  await vera.page.goto(`/inbox/needs/${id}`);
  await expect(page.getByText("Vera is looking too")).toBeAttached();
  await expect(vera.page.getByText("Anna Lind is looking too")).toBeAttached();
  await fine(page);

  const second = { timeout: 1_000 };
  await vera.page.keyboard.press("r");
  await vera.page.keyboard.type("Good aft");
  await expect(page.getByText("Vera is typing")).toBeAttached(second);
  await vera.page.keyboard.type("ernoon");
  await vera.page.keyboard.press("Enter");
  await expect(vera.page.getByText("You answer; the assistant is silent")).toBeVisible();
  await expect(page.getByText("Vera answers; the assistant is silent")).toBeVisible(second);
  await expect(page.getByText("Good afternoon")).toBeVisible(second);
  await expect(page.getByText("Vera is typing")).toHaveCount(0);

  // Given away it is the other one's, in both browsers.
  await page.goto(`/inbox/taken/${id}`);
  await page.getByRole("button", { name: "Vera’s" }).click();
  await page.getByRole("menuitemradio", { name: "Anna Lind (you)" }).click();
  await expect(page.getByText("You answer; the assistant is silent")).toBeVisible();
  await expect(vera.page.getByText("Anna Lind answers; the assistant is silent")).toBeVisible(second);
  await expect(
    vera.page.getByText("Anna Lind has this conversation.", { exact: false }).first(),
  ).toBeVisible();

  await page.getByRole("button", { name: "Note", exact: true }).click();
  await page.getByRole("textbox", { name: "Note for colleagues" }).fill("She calls back");
  await page.keyboard.press("Enter");
  await expect(vera.page.getByText("She calls back")).toBeVisible(second);

  await vera.page.goto("/inbox");
  await expect(page.getByText("Vera is looking too")).toHaveCount(0);
  await vera.context.close();

  const eva = await join(browser, program, page, "viewer", "Eva");
  await eva.page.goto(`/inbox/taken/${id}`);
  await expect(eva.page.getByText("Anna Lind answers; the assistant is silent")).toBeVisible();
  await expect(eva.page.getByRole("textbox", { name: /Reply/ })).toHaveCount(0);
  await expect(eva.page.getByRole("button", { name: "Labels" })).toHaveCount(0);
  await expect(eva.page.getByRole("button", { name: "AI", exact: true })).toHaveCount(0);
  await eva.page.keyboard.press("t");
  await eva.page.keyboard.press("l");
  await expect(eva.page.getByRole("dialog")).toHaveCount(0);
  await expect(eva.page.getByText("Anna Lind answers; the assistant is silent")).toBeVisible();
  await fine(eva.page);
  await eva.context.close();
});

test("labels are made, put on by key, shown and filtered by", async ({ page }) => {
  test.slow();
  const id = await customerWrites(page, "Where is my parcel?");
  await page.goto(`/inbox/ai/${id}`);
  await expect(page.getByRole("heading", { name: "Ivan" })).toBeVisible();
  const state = await (await page.request.get(`/api/conversations/${id}`)).json();
  const section = { ai: "ai", handed_back: "ai", requested: "needs", taken: "taken", closed: "closed" }[
    state.handoff.state as string
  ];
  await page.keyboard.press("l");
  const dialog = page.getByRole("dialog", { name: "Labels" });
  await dialog.getByLabel("New label").fill("Refund");
  await dialog.getByText("Red", { exact: true }).click();
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  await expect(dialog.getByRole("checkbox", { name: "Refund" })).toBeChecked();
  await dialog.getByLabel("New label").fill("refund");
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  await expect(dialog.getByText("There is one of this name.")).toBeVisible();
  await fine(page);
  await dialog.getByRole("button", { name: "Done" }).click();
  await expect(page.getByRole("list", { name: "Labels" }).getByText("Refund")).toBeVisible();

  await page.goto(`/inbox/${section}`);
  await page.getByRole("button", { name: "Any label" }).click();
  await page.getByRole("menuitemradio", { name: "Refund" }).click();
  const rows = page.getByRole("list", { name: /^Conversations:/ });
  await expect(rows.getByRole("link")).toHaveCount(1);
  await expect(rows.getByText("Labels: Refund")).toBeAttached();
  await fine(page);
});

test("a saved reply is written once and put in with a slash, the customer's name in it", async ({ page }) => {
  test.slow();
  const id = await customerWrites(page, "When do you open?");
  await page.goto(`/inbox/ai/${id}`);
  await page.getByRole("button", { name: "Saved replies" }).click();
  await expect(page.getByText("No replies are saved yet.", { exact: false })).toBeVisible();
  await page.getByRole("button", { name: "Manage" }).click();
  await page.getByRole("button", { name: "New reply" }).click();
  const form = page.getByRole("dialog", { name: "New reply" });
  await form.getByLabel("Name", { exact: true }).fill("Opening hours");
  await form.getByLabel("Words").fill("Good day, {name}! We open at nine. {me}");
  await fine(page);
  await form.getByRole("button", { name: "Save" }).click();
  await page.getByRole("dialog", { name: "Saved replies" }).getByText("Opening hours").waitFor();
  await page.keyboard.press("Escape");

  const field = page.getByRole("textbox", { name: "Reply to Ivan" });
  await field.fill("/ope");
  await expect(page.getByRole("option", { name: /Opening hours/ })).toHaveAttribute("aria-selected", "true");
  await fine(page);
  await field.press("Enter");
  await expect(field).toHaveValue("Good day, Ivan! We open at nine. Anna Lind");
});

test("conversations are found by their words, and the keys are told", async ({ page }) => {
  test.slow();
  await customerWrites(page, "Do you sell unicycles?");
  await page.goto("/inbox");
  const search = page.getByRole("searchbox", { name: "Search conversations" });
  await expect(search).toBeVisible();
  await page.keyboard.press("/");
  await expect(search).toBeFocused();
  await page.keyboard.type("unicycle");
  const found = page.getByRole("list", { name: "Found: unicycle" });
  await expect(found.getByText("Do you sell unicycles?")).toBeVisible();
  await fine(page);
  await found.getByRole("link").first().click();
  await expect(page.getByRole("heading", { name: "Ivan" })).toBeVisible();
  await page.getByRole("button", { name: "Clear the search" }).click();
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keys" }).getByText("labels")).toBeVisible();
  await fine(page);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Notifications and sound" }).click();
  const notices = page.getByRole("dialog", { name: "Notifications and sound" });
  await expect(notices.getByRole("switch", { name: "Sound" })).not.toBeChecked();
  await expect(notices.getByRole("switch", { name: "Notifications on the desktop" })).not.toBeChecked();
  await fine(page);
});
