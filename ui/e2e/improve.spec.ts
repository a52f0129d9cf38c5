import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";
import { test } from "./fixtures";

const question = "Do you repair unicycles on Sundays?";
const reply = "Yes, from ten to two.";

async function ask(page: Page) {
  await page.goto("/playground");
  const field = page.getByRole("textbox", { name: "Your question" });
  await field.fill(question);
  await field.press("Enter");
  return page.locator("[data-answer][data-outcome]").last();
}

test("an unanswered question becomes a Q&A and is answered, by keyboard", async ({ page }) => {
  test.slow();
  await expect(await ask(page)).toHaveAttribute("data-outcome", "refused");

  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Home");
  await page.getByRole("button", { name: "Write answers" }).click();

  const row = page.getByRole("listitem").filter({ hasText: question });
  await expect(row).toContainText("asked once");
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);

  // Set aside by mistake, and brought back.
  await row.focus();
  await page.keyboard.press("e");
  await expect(row).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(row).toBeVisible();

  await row.focus();
  await page.keyboard.press("Enter");
  const form = page.getByRole("dialog", { name: "Write the answer" });
  await expect(form.getByRole("textbox", { name: "Questions" })).toHaveValue(question);
  await form.getByRole("textbox", { name: "Answer" }).fill(reply);
  await form.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Answered from now on")).toBeVisible();
  await expect(row).toHaveCount(0);

  const answered = await ask(page);
  await expect(answered).toContainText(reply);
  await expect(answered).toHaveAttribute("data-outcome", "answered_by_qa");
});
