import { resolve } from "node:path";
import { expect, type Page } from "@playwright/test";
import { fakeEngine, KEY } from "./engine";
import { test } from "./fixtures";

const manual = resolve(import.meta.dirname, "../../assets/demo/files/Pine S2 scooter manual.pdf");

const terms = `# Terms of sale

## Returns

Returns are free within fourteen days if the bicycle has not been ridden for more than ten kilometres.
`;

const hours = `# Workshop on Saturdays

The workshop is open on Saturday from ten to two.
`;

type File = string | { name: string; mimeType: string; buffer: Buffer };

async function learn(page: Page, file: File, title: string) {
  await page.goto("/knowledge");
  await page.locator("input[type=file]").setInputFiles(file);
  await expect(page.getByRole("row").filter({ hasText: title })).toContainText("Ready to answer");
}

async function ask(page: Page, question: string) {
  const field = page.getByRole("textbox", { name: "Your question" });
  await field.fill(question);
  await field.press("Enter");
}

const answers = (page: Page) => page.locator("[data-answer][data-outcome]");

test("a question is answered from a PDF, and its source opens at the quote", async ({ page }) => {
  await learn(page, manual, "Pine S2");
  await page.goto("/playground");
  await ask(page, "What is the maximum load of the Pine S2?");

  await expect(answers(page).last()).toContainText("110 kg");
  await page
    .getByRole("button", { name: /^Source 1/ })
    .first()
    .click();
  const panel = page.getByRole("complementary", { name: "Sources" });
  await expect(panel.getByTestId("quote-mark").first()).toBeInViewport();
  await expect(panel.getByRole("textbox", { name: "Page" })).toHaveValue("1");

  await page.getByRole("button", { name: "Why this answer" }).last().click();
  await expect(page.getByText(/^Searched the documents/)).toBeVisible();
  await expect(page.getByText("Sure enough to answer")).toBeVisible();

  await page.reload();
  await expect(answers(page).last()).toContainText("110 kg");
});

test("a question about a text opens the text at the quote, by keyboard alone", async ({ page }) => {
  const file = { name: "terms.md", mimeType: "text/markdown", buffer: Buffer.from(terms) };
  await learn(page, file, "Terms of sale");
  await page.goto("/playground");
  await ask(page, "Within how many days are returns free?");
  await expect(answers(page).last()).toContainText("fourteen days");

  await answers(page).last().focus();
  await page.keyboard.press("s");
  const panel = page.getByRole("complementary", { name: "Sources" });
  await expect(panel.getByTestId("quote-mark").first()).toBeInViewport();
  await page.keyboard.press("Escape");
  await expect(panel).toHaveCount(0);
});

test("what the documents do not say is refused and says why; a greeting is greeted", async ({ page }) => {
  await page.goto("/playground");
  await ask(page, "Who won the football world cup in 1998?");
  await expect(answers(page).last()).toHaveAttribute("data-outcome", "refused");
  await page.getByRole("button", { name: "Why no answer" }).click();
  await expect(page.getByRole("complementary", { name: "Why no answer" })).toBeVisible();

  await ask(page, "Hello");
  await expect(answers(page).last()).toHaveAttribute("data-outcome", "small_talk");

  await page.getByRole("link", { name: "Write the answer as a Q&A" }).first().click();
  await expect(page.getByRole("textbox", { name: "Questions", exact: true })).toHaveValue(
    "Who won the football world cup in 1998?",
  );
  await page.keyboard.press("Escape");
  await expect(page).toHaveURL(/\/knowledge\/qa$/);
});

test("a stop lets the engine go and keeps what was shown", async ({ page, program }) => {
  const engine = await fakeEngine();
  const file = { name: "workshop.md", mimeType: "text/markdown", buffer: Buffer.from(hours) };
  await learn(page, file, "Workshop on Saturdays");
  const change = async (path: string, method: string, body: object) => {
    const headers = { "x-chatai": "1", origin: program.url };
    const reply = await page.request.fetch(`${program.url}${path}`, { method, headers, data: body });
    expect(reply.ok()).toBe(true);
  };
  const [assistant] = (await (await page.request.get(`${program.url}/api/assistants`)).json()).items;
  const path = `/api/assistants/${assistant.id}`;
  const { name, settings, version } = assistant;
  await change("/api/settings", "PATCH", { remote: { base_url: engine.url, model: "endless", key: KEY } });
  await change(path, "PUT", { name, version, settings: { ...settings, engine: "remote" } });

  await page.goto("/playground");
  await ask(page, "When is the workshop open on Saturday?");
  await expect(page.getByText("The first words of an answer")).toBeVisible();
  await page.getByRole("button", { name: "Stop" }).click();
  await engine.left;
  await expect(answers(page).last()).toHaveAttribute("data-outcome", "stopped");
  await expect(answers(page).last()).toContainText("The first words of an answer");
  await page.reload();
  await expect(answers(page).last()).toHaveAttribute("data-outcome", "stopped");

  engine.stop();
  await change("/api/settings", "PATCH", { remote: null });
  await change(path, "PUT", { name, version: version + 1, settings });
  await ask(page, "When is the workshop open on Saturday?");
  await expect(answers(page).last()).toContainText("ten to two");
});

test("on a phone the source is a sheet", async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await learn(page, manual, "Pine S2");
  await page.goto("/playground");
  await ask(page, "What is the maximum load of the Pine S2?");
  await page
    .getByRole("button", { name: /^Source 1/ })
    .first()
    .click();
  const sheet = page.getByRole("dialog", { name: "Sources" });
  await expect(sheet.getByTestId("quote-mark").first()).toBeInViewport();
  await page.keyboard.press("Escape");
  await expect(sheet).toHaveCount(0);
});
