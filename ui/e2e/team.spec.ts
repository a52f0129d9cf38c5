import { type Browser, expect, type Page } from "@playwright/test";
import { codeOf } from "./authenticator";
import { fine } from "./fine";
import { owner, test } from "./fixtures";
import { startPost } from "./post";

const PASSWORD = "three plain words more";

/** The owner makes a link; it is shown this once. */
async function linkFor(page: Page, role: string): Promise<string> {
  await page.goto("/settings/team");
  await page.getByRole("button", { name: "Invite somebody" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("radio", { name: role }).check();
  await fine(page);
  await dialog.getByRole("button", { name: "Make the link" }).click();
  const link = await dialog.getByLabel("The link for them").innerText();
  await dialog.getByRole("button", { name: "Done" }).click();
  return link.trim();
}

/** Somebody new with a browser of their own joins by a link. */
async function join(browser: Browser, baseURL: string, link: string, name: string, email: string) {
  const context = await browser.newContext({ baseURL, storageState: undefined });
  const page = await context.newPage();
  await page.goto(link);
  await expect(page.getByRole("heading", { name: `You are invited to ${owner.business}` })).toBeVisible();
  expect(page.url()).not.toContain("#");
  await fine(page);
  await page.getByLabel("Your name").fill(name);
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Join" }).click();
  return { context, page };
}

test("an invited operator lands in the Inbox and may not see settings", async ({
  browser,
  page,
  program,
}) => {
  const link = await linkFor(page, "Operator");
  await expect(
    page.getByRole("list", { name: "Invitations that wait" }).getByText("Whoever has the link"),
  ).toBeVisible();
  const boris = await join(browser, program.url, link, "Boris Lang", "boris@lindenhof.example");
  await expect(boris.page).toHaveURL(/\/inbox/);
  await expect(boris.page.getByRole("heading", { name: "Inbox", level: 1 })).toBeVisible();

  await boris.page.goto("/settings");
  await expect(boris.page.getByRole("heading", { name: "Where you are signed in" })).toBeVisible();
  await expect(boris.page.getByRole("heading", { name: "Engine", exact: true })).toHaveCount(0);
  await expect(boris.page.getByRole("link", { name: "Team" })).toHaveCount(0);
  await boris.page.goto("/settings/team");
  await expect(boris.page.getByRole("heading", { name: "This part is for others" })).toBeVisible();
  await fine(boris.page);
  const refused = await boris.page.request.get("/api/settings");
  expect(refused.status()).toBe(403);

  await boris.page.goto(link);
  await expect(
    boris.page.getByRole("heading", { name: "This invitation does not open any more" }),
  ).toBeVisible();

  await page.goto("/settings/team");
  const row = page.getByRole("listitem").filter({ hasText: "boris@lindenhof.example" });
  await expect(row.getByText("here")).toBeVisible();
  await row.getByLabel("Role of Boris Lang").selectOption("admin");
  await expect(page.getByText("Boris Lang is now Admin")).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(row.getByLabel("Role of Boris Lang")).toHaveValue("operator");
  await fine(page);

  const remove = async () => {
    await row.getByRole("button", { name: "More about Boris Lang" }).click();
    await page.getByRole("menuitem", { name: "Remove from the team" }).click();
    await expect(row).toHaveCount(0);
  };
  await remove();
  await page.getByRole("button", { name: "Undo" }).last().click();
  await expect(row).toBeVisible();
  await remove();
  await page.getByText("Boris Lang is removed").locator("..").getByRole("button", { name: "Close" }).click();
  await boris.page.goto("/inbox");
  await expect(boris.page).toHaveURL(/\/sign-in/);
  await page.getByRole("button", { name: "Show what changed" }).click();
  await expect(page.getByText(`${owner.name} removed Boris Lang`)).toBeVisible();
  await fine(page);
  await boris.context.close();
});

test("an invitation by letter, after a test that tells what is wrong", async ({ browser, page, program }) => {
  const post = await startPost();
  await page.goto("/settings/mail");
  await page.getByLabel("Server").fill("127.0.0.1");
  await page.getByLabel("Sender").fill("shop@lindenhof.example");
  await page.getByLabel("Port").fill(String(post.port));
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Send me a test" }).click();
  await expect(page.getByRole("status").filter({ hasText: "offers no encryption" })).toBeVisible();
  await page.getByLabel("Protection").selectOption("open");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("button", { name: "Send me a test" })).toBeEnabled();
  await page.getByRole("button", { name: "Send me a test" }).click();
  await expect(page.getByRole("status").filter({ hasText: owner.email })).toBeVisible();
  expect(post.letters[0]).toContain("Letters from ChatAI arrive.");
  await fine(page);

  await page.goto("/settings/team");
  await page.getByRole("button", { name: "Invite somebody" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("radio", { name: "Viewer" }).check();
  await dialog.getByRole("radio", { name: "By e-mail" }).check();
  await dialog.getByLabel("Their e-mail").fill("nina@lindenhof.example");
  await dialog.getByRole("button", { name: "Send the invitation" }).click();
  await dialog.getByRole("button", { name: "Done" }).click();
  await expect(page.getByText("letter sent")).toBeVisible();
  const link = /http:\/\/\S+\/invitation#[\w-]+/.exec(post.letters[1] ?? "")?.[0] ?? "";
  const context = await browser.newContext({ baseURL: program.url, storageState: undefined });
  const vera = await context.newPage();
  await vera.goto(link);
  await expect(vera.getByLabel("E-mail")).toHaveValue("nina@lindenhof.example");
  await vera.getByLabel("Your name").fill("Nina");
  await vera.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await vera.getByRole("button", { name: "Join" }).click();
  await expect(vera.getByRole("heading", { name: "Home", level: 1 })).toBeVisible();
  await context.close();
  post.stop();
});

test("the second step is set up with an app and asked for at the door", async ({
  browser,
  page,
  program,
}) => {
  const link = await linkFor(page, "Admin");
  const clara = await join(browser, program.url, link, "Clara", "clara@lindenhof.example");
  await expect(clara.page.getByRole("heading", { name: "Home", level: 1 })).toBeVisible();
  await clara.page.goto("/settings/you");
  await fine(clara.page);
  await clara.page.getByRole("button", { name: "Switch it on" }).click();
  const dialog = clara.page.getByRole("dialog");
  await dialog.getByLabel("Your password").fill("not the password");
  await dialog.getByRole("button", { name: "Go on" }).click();
  await expect(dialog.getByText("This is not your password")).toBeVisible();
  await dialog.getByLabel("Your password").fill(PASSWORD);
  await dialog.getByRole("button", { name: "Go on" }).click();
  await expect(dialog.getByRole("img", { name: "QR code for the authenticator app" })).toBeVisible();
  await fine(clara.page);
  const secret = await dialog.getByLabel("Or type this into the app").innerText();
  await dialog.getByLabel("Six digits from the app").fill("000000");
  await dialog.getByRole("button", { name: "Switch it on" }).click();
  await expect(dialog.getByText("This code does not fit")).toBeVisible();
  await dialog.getByLabel("Six digits from the app").fill(codeOf(secret));
  await dialog.getByRole("button", { name: "Switch it on" }).click();
  const spare = dialog.getByRole("list", { name: "Spare codes" }).getByRole("listitem");
  await expect(spare).toHaveCount(10);
  const first = await spare.first().innerText();
  await fine(clara.page);
  await dialog.getByRole("button", { name: "I have kept them" }).click();
  await expect(clara.page.getByText("Signing in takes your password and a code.")).toBeVisible();

  await clara.page.getByRole("button", { name: "Sign out", exact: true }).click();
  const atTheDoor = async (code: string) => {
    await clara.page.getByLabel("E-mail").fill("clara@lindenhof.example");
    await clara.page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await clara.page.getByRole("button", { name: "Sign in" }).click();
    await clara.page.getByLabel("Code of your authenticator app").fill(code);
  };
  await atTheDoor("000000");
  await fine(clara.page);
  await clara.page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(clara.page.getByText("This code does not fit")).toBeVisible();
  // The code that switched it on is used up; the next one is taken within its window.
  await clara.page.getByLabel("Code of your authenticator app").fill(codeOf(secret, 1));
  await clara.page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(clara.page.getByRole("heading", { name: "Home", level: 1 })).toBeVisible();

  await clara.page.goto("/settings/you");
  await clara.page.getByRole("button", { name: "Sign out", exact: true }).click();
  await atTheDoor(first);
  await clara.page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(clara.page.getByRole("heading", { name: "Home", level: 1 })).toBeVisible();
  await clara.page.goto("/settings/you");
  await expect(clara.page.getByText("9 spare codes are left.")).toBeVisible();

  await page.goto("/settings/team");
  const row = page.getByRole("listitem").filter({ hasText: "clara@lindenhof.example" });
  await expect(row.getByText("Second step on")).toBeVisible();
  await row.getByRole("button", { name: "More about Clara" }).click();
  await page.getByRole("menuitem", { name: "Switch the second step off" }).click();
  await expect(row.getByText("Password only")).toBeVisible();
  await clara.context.close();
});

test("a session elsewhere is seen and ended, and what was typed there waits for signing in again", async ({
  browser,
  page,
  program,
}) => {
  const link = await linkFor(page, "Viewer");
  const one = await join(browser, program.url, link, "Dmitri", "dmitri@lindenhof.example");
  await expect(one.page.getByRole("heading", { name: "Home", level: 1 })).toBeVisible();
  const elsewhere = await browser.newContext({
    baseURL: program.url,
    storageState: undefined,
    userAgent: "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) Version/26.0 Mobile Safari/604.1",
  });
  const two = await elsewhere.newPage();
  await two.goto("/sign-in");
  await two.getByLabel("E-mail").fill("dmitri@lindenhof.example");
  await two.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await two.getByRole("button", { name: "Sign in" }).click();
  await expect(two.getByRole("heading", { name: "Home", level: 1 })).toBeVisible();

  await two.goto("/inbox");
  const typed = two.getByLabel("Search conversations");
  await typed.fill("price");

  await one.page.goto("/settings/you");
  const list = one.page.getByRole("list", { name: "Where you are signed in" });
  await expect(list.getByRole("listitem")).toHaveCount(2);
  await expect(list.getByText("from 127.0.0.1").first()).toBeVisible();
  await list.getByRole("button", { name: "Sign out Safari on iPhone" }).click();
  await expect(list.getByRole("listitem")).toHaveCount(1);
  const again = two.getByRole("dialog", { name: "You were signed out" });
  await expect(again).toBeVisible();
  await fine(two);
  await again.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await again.getByRole("button", { name: "Sign in" }).click();
  await expect(again).toHaveCount(0);
  await expect(typed).toHaveValue("price");
  await elsewhere.close();
  await one.context.close();
});

test("the pages about people fit a telephone, in Russian", async ({ page }) => {
  await page.addInitScript(() => localStorage.setItem("chatai.language", "ru"));
  await page.setViewportSize({ width: 360, height: 740 });
  for (const address of ["/settings/team", "/settings/mail", "/settings/you", "/invitation#spent"]) {
    await page.goto(address);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await fine(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  }
  await page.goto("/settings/team");
  await page.getByRole("button", { name: "Пригласить" }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await fine(page);
});

test("what is being written stays while the server has no time", async ({ page }) => {
  await page.goto("/settings/team");
  await page.getByRole("button", { name: "Invite somebody" }).click();
  let asked = 0;
  await page.route("**/api/session", async (route) => {
    asked += 1;
    await route.fulfill({
      status: 503,
      contentType: "application/problem+json",
      body: JSON.stringify({ type: "about:blank", title: "busy", status: 503, code: "busy" }),
    });
  });
  // A change of the team, as somebody else would make it: who is signed in is asked anew.
  const made = await page.evaluate(async () => {
    const headers = { "content-type": "application/json", "x-chatai": "1" };
    const body = JSON.stringify({ role: "viewer", language: "en", email: null });
    return (await fetch("/api/invitations", { method: "POST", headers, body })).status;
  });
  expect(made).toBe(201);
  // Twice more before it is given up.
  await expect.poll(() => asked).toBe(3);
  await page.getByRole("dialog").getByRole("button", { name: "Make the link" }).click();
  await expect(page.getByRole("dialog").getByLabel("The link for them")).toBeVisible();
});
