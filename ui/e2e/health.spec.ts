import { readFileSync } from "node:fs";
import { expect } from "@playwright/test";
import { fine } from "./fine";
import { becomeOwner, test } from "./fixtures";
import { start } from "./program";

test("the owner sees that all is well, and a document that cannot be read is told with the way to it", async ({
  browser,
}) => {
  const program = await start("beside");
  const context = await browser.newContext({ storageState: undefined });
  const page = await context.newPage();
  try {
    await becomeOwner(page, program.enter);
    await page.goto(`${program.url}/settings/health`);
    const verdict = page.getByRole("status").filter({ hasText: "All is well" });
    await expect(verdict).toBeVisible();
    const findings = page.getByRole("list", { name: "Findings" });
    await expect(findings).toContainText("outside the data folder");
    await expect(findings).toContainText("and there is a recovery code");
    await fine(page);

    await page.getByRole("button", { name: "Read everything through" }).click();
    await expect(page.getByText("Everything was read through just now.")).toBeVisible();
    await expect(findings.getByText("Read through: whole.")).toHaveCount(2);

    const sent = await page.request.post(`${program.url}/api/documents`, {
      headers: { "x-chatai": "1", origin: program.url },
      multipart: {
        file: { name: "price.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7 and no more") },
      },
    });
    expect(sent.ok()).toBe(true);
    const { document } = await sent.json();
    await expect
      .poll(async () => {
        const read = await page.request.get(`${program.url}/api/documents/${document.id}`);
        return (await read.json()).state;
      })
      .toBe("failed");
    await page.getByRole("button", { name: "Look again" }).click();
    await expect(page.getByText("1 thing needs you")).toBeVisible();
    const first = findings.getByRole("listitem").first();
    await expect(first).toContainText("1 could not be read.");
    await fine(page);
    await first.getByRole("link", { name: "Show them" }).click();
    await expect(page).toHaveURL(/\/knowledge\?state=failed$/);
    await expect(page.getByText("price.pdf").first()).toBeVisible();
  } finally {
    await context.close();
    await program.stop();
  }
});

test("where the key lies in the data folder it is said first, with what to do", async ({ page }) => {
  await page.goto("/settings/health");
  const first = page.getByRole("list", { name: "Findings" }).getByRole("listitem").first();
  await expect(first).toContainText("Needs you: Key of the secrets");
  await expect(first).toContainText("--key-file");
  await expect(page.getByText("Nothing was given up.")).toBeVisible();
});

test("work that was given up is told with its reason, and runs again one by one or all at once", async ({
  page,
}) => {
  // Six tries take a minute: what the program would answer then is put in its place.
  const job = (id: string, task: string, reason: string) => ({
    id,
    task,
    subject: id,
    state: "dead",
    attempts: 6,
    reason,
    run_at: "2026-11-26T09:00:00Z",
    created_at: "2026-11-26T08:58:00Z",
  });
  let dead = [
    job("0193513c7d4a7c21a5a1b2c3d4e5f601", "embed", "the model cannot be opened"),
    job("0193513c7d4a7c21a5a1b2c3d4e5f602", "read", "the reader stopped"),
    job("0193513c7d4a7c21a5a1b2c3d4e5f603", "follow", "the site did not answer"),
  ];
  await page.route("**/api/jobs?*", (route) => route.fulfill({ json: { items: dead, next: null } }));
  await page.route("**/api/jobs/*/retry", (route) => {
    dead = dead.filter(({ id }) => !route.request().url().includes(id));
    return route.fulfill({ status: 204 });
  });
  await page.route("**/api/jobs/retry", (route) => {
    const jobs = dead.length;
    dead = [];
    return route.fulfill({ json: { jobs } });
  });
  await page.goto("/settings/health");
  const list = page.getByRole("list", { name: "Jobs that were given up" });
  const rows = list.getByRole("listitem");
  await expect(rows).toHaveCount(3);
  await expect(rows.nth(1)).toContainText("Reading a document");
  await expect(rows.nth(1)).toContainText("6 tries");
  await expect(rows.nth(1)).toContainText("the reader stopped");
  await fine(page);
  await list.getByRole("button", { name: "Try again: Reading a document" }).click();
  await expect(rows).toHaveCount(2);
  await page.getByRole("button", { name: "Try all again" }).click();
  await expect(page.getByText("2 jobs run again")).toBeVisible();
  await expect(page.getByText("Nothing was given up.")).toBeVisible();
});

test("the log is filtered by words and saved as a file", async ({ page }) => {
  await page.goto("/settings/health");
  const lines = page.getByRole("list", { name: "Lines of the log" });
  await expect(lines).toContainText("listening on");
  await page.getByRole("searchbox", { name: "With these words" }).fill("LISTENING 127.0.0.1");
  await expect(lines.getByRole("listitem")).toHaveCount(1);
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Save as a file" }).click(),
  ]);
  expect(file.suggestedFilename()).toBe("chatai-log.txt");
  expect(readFileSync(await file.path(), "utf8")).toMatch(/^\S+Z INFO chatai::serve: listening on .*\n$/);
  await page.getByRole("searchbox", { name: "With these words" }).fill("nothing of the kind");
  await expect(page.getByText("No line fits.")).toBeVisible();
});

test("the log says what is new while the page is open", async ({ page, program }) => {
  await page.goto("/settings/health");
  const lines = page.getByRole("list", { name: "Lines of the log" });
  await expect(lines).toContainText("listening on");
  const switched = (local_only: boolean) =>
    page.request.put(`${program.url}/api/network`, {
      headers: { "x-chatai": "1", origin: program.url },
      data: { local_only },
    });
  await switched(true);
  await expect(lines.getByRole("listitem").first()).toContainText("local-only switch was turned");
  await switched(false);
});

test("somebody whose role is not for it is told whose it is", async ({ browser, page, program }) => {
  const headers = { "x-chatai": "1", origin: program.url };
  const made = await page.request.post("/api/invitations", {
    headers,
    data: { role: "operator", language: "en" },
  });
  const { link } = await made.json();
  const context = await browser.newContext({ baseURL: program.url, storageState: undefined });
  await context.request.post("/api/invitation/accept", {
    headers,
    data: {
      token: link.split("#")[1],
      name: "Olaf",
      email: "olaf@lindenhof.example",
      password: "three plain words more",
    },
  });
  const other = await context.newPage();
  await other.goto("/settings/health");
  await expect(other.getByText("Owners and admins look after it.")).toBeVisible();
  await expect(other.getByRole("link", { name: "Logs and health" })).toHaveCount(0);
  await context.close();
});
