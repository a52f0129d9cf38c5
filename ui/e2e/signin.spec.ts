import { expect } from "@playwright/test";
import { owner, test } from "./fixtures";

test("a link opens the door once only", async ({ browser, program, signedIn }) => {
  expect(signedIn.cookies.length).toBeGreaterThan(0);
  const stranger = await browser.newContext({ storageState: undefined });
  const page = await stranger.newPage();
  await page.goto(program.enter);
  await expect(page.getByRole("heading", { name: "This link does not open any more" })).toBeVisible();
  expect(page.url()).not.toContain("#");
  await stranger.close();
});

test("a member signs out and in again, and a wrong password is told", async ({
  browser,
  program,
  signedIn,
}) => {
  expect(signedIn.cookies.length).toBeGreaterThan(0);
  const context = await browser.newContext({ baseURL: program.url, storageState: undefined });
  const page = await context.newPage();
  await page.goto("/knowledge/qa");
  await page.getByLabel("E-mail").fill(owner.email);
  await page.getByLabel("Password", { exact: true }).fill("not this password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("alert")).toContainText("The e-mail or the password is not right");
  await page.getByLabel("Password", { exact: true }).fill(owner.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(/\/knowledge\/qa$/);
  await page.goto("/settings/you");
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await expect(page).toHaveURL(/\/sign-in$/);
  await context.close();
});
