import { type APIRequestContext, type Browser, expect, type Page } from "@playwright/test";
import { test } from "./fixtures";

const pages = [
  "/",
  "/inbox",
  "/knowledge",
  "/knowledge/qa",
  "/knowledge/search",
  "/assistants",
  "/playground",
  "/channels",
  "/improve",
  "/improve/rated",
  "/settings",
  "/start/files",
];

/** Somebody of this role signed in, in a browser of their own, and what was refused to them there. */
async function member(browser: Browser, owner: APIRequestContext, url: string, role: string) {
  const headers = { "x-chatai": "1", origin: url };
  const made = await owner.post("/api/invitations", { headers, data: { role, language: "en" } });
  const { link } = await made.json();
  const context = await browser.newContext({ baseURL: url, storageState: undefined });
  const joined = await context.request.post("/api/invitation/accept", {
    headers,
    data: {
      token: link.split("#")[1],
      name: role,
      email: `${role}@lindenhof.example`,
      password: "three plain words more",
    },
  });
  expect(joined.ok()).toBe(true);
  const page = await context.newPage();
  const refused: string[] = [];
  page.on("response", (response) => {
    if (response.status() === 403)
      refused.push(`${page.url()}: ${response.request().method()} ${response.url()}`);
  });
  return { context, page, refused };
}

/** Everything that can be pressed on a page, beside the frame's own. */
async function buttons(page: Page): Promise<string[]> {
  const names = await page
    .locator("#page button")
    .evaluateAll((all) => all.map((one) => one.getAttribute("aria-label") ?? one.textContent ?? ""));
  return names.map((name) => name.trim());
}

test.beforeEach(async ({ page, program }) => {
  const headers = { "x-chatai": "1", origin: program.url };
  await page.request.post("/api/texts", {
    headers,
    data: { name: "Delivery", text: "Delivery takes two days." },
  });
  await page.request.post("/api/qa", {
    headers,
    data: { questions: ["Are you open?"], answer: "Until six." },
  });
});

const changes =
  /^(Add|Edit|Remove|Read again|Save|Try the demo|Return|Invite|Write|Use as|Make|Paste|Set it up|Take away|Switch)/;

for (const role of ["viewer", "operator"]) {
  test(`somebody who is ${role} is offered nothing that would be refused, and is told so calmly`, async ({
    browser,
    page,
    program,
  }) => {
    const other = await member(browser, page.request, program.url, role);
    for (const address of pages) {
      await other.page.goto(address);
      await expect(other.page.getByRole("heading", { level: 1 })).toBeVisible();
      await expect(other.page.locator("[class*=bone]")).toHaveCount(0);
      if (address === "/settings") continue;
      expect(
        (await buttons(other.page)).filter((name) => changes.test(name)),
        address,
      ).toEqual([]);
      const calm = other.page.getByText(/Owners and admins/);
      if (/knowledge|assistants|channels|improve/.test(address)) await expect(calm).toBeVisible();
    }
    await other.page.goto("/start/files");
    await expect(other.page).toHaveURL(/\/$/);
    await other.page.goto("/playground");
    await expect(other.page.getByRole("textbox")).toHaveCount(role === "viewer" ? 0 : 1);

    await other.page.goto("/knowledge");
    await other.page.getByRole("button", { name: "What to do with Delivery" }).click();
    await expect(other.page.getByRole("menuitem")).toHaveText(["Open", "Download"]);
    await other.page.keyboard.press("Escape");
    expect(other.refused).toEqual([]);
    await other.context.close();
  });
}
