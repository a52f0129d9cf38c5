import { expect, type Page } from "@playwright/test";
import { test } from "./fixtures";

const part = (page: Page, name: string) =>
  page.getByRole("navigation", { name: "Parts of the assistant" }).getByRole("link", { name }).click();

async function save(page: Page, version: number) {
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Not saved yet")).toHaveCount(0);
  await part(page, "Versions");
  await expect(page.getByText(`Version ${version}`, { exact: true })).toBeVisible();
}

test("instructions, hours and threshold are changed, and an earlier version comes back", async ({ page }) => {
  test.slow();
  // A question that another threshold would refuse.
  await page.goto("/playground");
  await page.request.post("/api/texts", {
    headers: { "x-chatai": "1", origin: new URL(page.url()).origin },
    data: { name: "Delivery", text: "# Delivery\n\nDelivery inside the country takes two working days." },
  });
  await expect(async () => {
    const { items } = await (await page.request.get("/api/documents?state=ready")).json();
    expect(items.length).toBeGreaterThan(0);
  }).toPass();
  const field = page.getByRole("textbox", { name: "Your question" });
  await field.fill("How long does delivery take?");
  await field.press("Enter");
  await expect(page.locator("[data-answer][data-outcome=answered]")).toBeVisible();

  await page.goto("/assistants");
  await part(page, "Instructions");
  await page.getByLabel("Template").selectOption({ label: "Shop" });
  await page.getByRole("button", { name: "Use this template" }).click();
  await expect(page.getByLabel("Instructions", { exact: true })).toHaveValue(
    /customers of the shop Lindenhof/,
  );
  await page.getByLabel("Words of these topics").fill("politics\nunicycle*");
  // What is not saved is kept from part to part and from page to page.
  await part(page, "Hours");
  await page.getByRole("link", { name: "Home" }).click();
  await page.getByRole("link", { name: "Assistants" }).click();
  await expect(page.getByText("Not saved yet")).toBeVisible();
  await save(page, 2);
  await expect(page.getByText("Instructions and Topics it leaves alone")).toBeVisible();

  await part(page, "Hours");
  await page.getByRole("switch", { name: "People are there at certain hours only" }).check();
  await page.getByLabel("Time zone").fill("Europe/Berlin");
  await page.getByLabel("Monday, interval 1, from").fill("08:30");
  await page.getByLabel("Monday, interval 1, to").fill("08:30");
  await expect(page.getByRole("alert")).toContainText("It begins where it ends");
  await expect(page.getByRole("button", { name: "Save" })).toBeDisabled();
  await page.getByLabel("Monday, interval 1, to").fill("12:00");
  await page.getByRole("button", { name: "Add hours: Monday" }).click();
  await page.getByRole("button", { name: "Monday's hours for all workdays" }).click();
  await expect(page.getByLabel("Friday, interval 2, from")).toHaveValue("13:00");
  await page.getByRole("button", { name: "Add a day" }).click();
  await page.getByLabel("Name", { exact: true }).fill("New Year's Eve");
  await page.getByLabel("First day").fill("2026-12-31");
  await page.getByLabel("Moment").fill("2026-12-31T10:00");
  await page.getByRole("button", { name: "Check" }).click();
  await expect(page.getByText("Nobody is there", { exact: true })).toBeVisible();
  await expect(
    page
      .getByRole("status")
      .getByText(/New Year's Eve/)
      .first(),
  ).toBeVisible();
  await save(page, 3);

  await part(page, "Rules");
  const slider = page.getByRole("slider", { name: "How sure it must be to answer" });
  await slider.fill("1");
  await expect(page.getByText("How long does delivery take?")).toBeVisible();
  await expect(page.getByText("would be refused instead")).toBeVisible();
  await save(page, 4);

  await part(page, "Versions");
  await page.getByRole("button", { name: "Compare version 1", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("region", { name: "How sure it must be" })).toContainText("100%");
  await expect(dialog.getByRole("region", { name: "Hours" })).toContainText("Always");
  await dialog.getByRole("button", { name: "Go back to it" }).click();
  await expect(page.getByText("Back to version 1")).toBeVisible();
  await part(page, "Rules");
  await expect(slider).toHaveValue("0.5");
});

test("who writes is shown in order, with what became of it", async ({ page }) => {
  await page.goto("/assistants");
  await part(page, "Who writes");
  const ladder = page.getByRole("list", { name: "Who is tried, in order" });
  await expect(ladder.getByRole("listitem")).toHaveCount(2);
  await expect(ladder).toContainText("A person is asked for");
});

test("a second assistant is made and removed", async ({ page }) => {
  await page.goto("/assistants");
  await expect(page.getByRole("navigation", { name: "Parts of the assistant" })).toBeVisible();
  await page.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "New assistant" }).click();
  await page.getByRole("dialog").getByLabel("Name").fill("Night shift");
  await page.getByRole("button", { name: "Make it" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Night shift");
  await page.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Remove this assistant" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove this assistant" }).click();
  await expect(page.getByRole("heading", { level: 1 })).not.toHaveText("Night shift");
});
