import { expect } from "@playwright/test";
import { test } from "./fixtures";

const terms = `# Terms of sale

## Delivery

Delivery inside the country takes two working days. Orders placed before noon leave the same day.

## Returns

Returns are free within fourteen days if the bicycle has not been ridden for more than ten kilometres.
`;

test("a file is read, opened, found by the search test, removed and brought back", async ({ page }) => {
  await page.goto("/knowledge");
  await page.locator("input[type=file]").setInputFiles({
    name: "terms.md",
    mimeType: "text/markdown",
    buffer: Buffer.from(terms),
  });
  const row = page.getByRole("row").filter({ hasText: "Terms of sale" });
  await expect(row).toContainText("Ready to answer");

  await row.getByRole("link").click();
  await expect(page.getByText("It was cut into")).toBeVisible();
  await page.getByRole("link", { name: /^Passages/ }).click();
  await expect(page.getByText("takes two working days").first()).toBeVisible();
  await page.getByRole("link", { name: "Text", exact: true }).click();
  await expect(page.getByText("This is all the program sees")).toBeVisible();

  await page.goto("/knowledge/search");
  await page.getByRole("searchbox").fill("How long does delivery take?");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("article").first()).toContainText("two working days");

  await page.goto("/knowledge");
  await row.focus();
  await page.keyboard.press("Delete");
  await expect(row).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(row).toBeVisible();
});

test("what the program's window tells of dropped files is a drop like any other", async ({ page }) => {
  // Only the window has this route: here it is played.
  await page.route("/api/host/dropped/*", (route) =>
    route.request().url().endsWith("/good")
      ? route.fulfill({ body: Buffer.from("# Tyres\n\nA tyre costs 30 euros.\n") })
      : route.fulfill({ status: 404, json: { code: "not_found" } }),
  );
  const tell = (event: string, detail: unknown) =>
    page.evaluate(([name, told]) => dispatchEvent(new CustomEvent(name as string, { detail: told })), [
      event,
      detail,
    ] as const);
  await page.goto("/inbox");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  const hint = page.getByText("Let go: into Knowledge");
  await tell("filesover", { x: 700, y: 400 });
  await tell("filesover", { x: 720, y: 420 });
  await expect(hint).toBeVisible();
  await tell("filesover", null);
  await expect(hint).toBeHidden();

  await tell("filesover", { x: 700, y: 400 });
  const files = [
    { name: "Tyres.md", ticket: "good" },
    { name: "Gone.md", ticket: "bad" },
  ];
  await tell("filesdropped", { x: 700, y: 400, files });
  await expect(page).toHaveURL(/\/knowledge$/);
  await expect(page.getByRole("row").filter({ hasText: "Tyres" })).toContainText("Ready to answer");
  await expect(page.getByText("Gone.md cannot be read.")).toBeVisible();
  await expect(hint).toBeHidden();

  // A page with its own place for files takes them there.
  await tell("filesover", { x: 700, y: 400 });
  await expect(page.getByText("Let go to add")).toBeVisible();
  await tell("filesover", null);
  await expect(page.getByText("Let go to add")).toBeHidden();
});

test("pasted text becomes a document", async ({ page }) => {
  await page.goto("/knowledge");
  await page.getByRole("button", { name: "More ways to add" }).click();
  await page.getByRole("menuitem", { name: "Paste text" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("Opening hours");
  await page
    .getByRole("textbox", { name: "Text" })
    .fill("The shop is open from Monday to Saturday, nine to six.");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await expect(page.getByRole("row").filter({ hasText: "Opening hours" })).toContainText("Ready to answer");
});

test("a Q&A is added, changed and found", async ({ page }) => {
  await page.goto("/knowledge/qa");
  await page.getByRole("button", { name: "Add Q&A" }).click();
  await page
    .getByRole("textbox", { name: "Questions", exact: true })
    .fill("Do you repair bikes?\nBike repair");
  await page.getByRole("textbox", { name: "Answer", exact: true }).fill("Yes, of any brand.");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("button", { name: "Do you repair bikes?", exact: true }).click();
  await page
    .getByRole("textbox", { name: "Answer", exact: true })
    .fill("Yes, of any brand, within two days.");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("within two days")).toBeVisible();
});

test("a file that cannot be read says why", async ({ page }) => {
  await page.goto("/knowledge");
  await page.locator("input[type=file]").setInputFiles({
    name: "broken.pdf",
    mimeType: "application/pdf",
    buffer: Buffer.from("%PDF-1.7\nnothing that a PDF has"),
  });
  await expect(page.getByRole("row").filter({ hasText: "broken.pdf" })).toContainText("The file is damaged");
});

test("the palette goes anywhere by keyboard, and one goes on from where it leads", async ({ page }) => {
  await page.goto("/knowledge");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Knowledge");
  const tab = page.getByRole("link", { name: "Search test" });
  await tab.focus();
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("combobox", { name: "Search and actions" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(tab).toBeFocused();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("settings");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Settings");
  await expect(page.getByRole("main")).toBeFocused();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("русский");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Настройки");
});

test("a dialog begins at its first field, and one Escape leads back to its button", async ({ page }) => {
  await page.goto("/knowledge/sources");
  const add = page.getByRole("button", { name: "Read a web site" });
  await add.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog").getByRole("textbox").first()).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(add).toBeFocused();
});

test("a changed price list shows its difference, the answer follows the new price, and back", async ({
  page,
}) => {
  const prices = (chain: string) => ({
    name: "workshop-prices.csv",
    mimeType: "text/csv",
    buffer: Buffer.from(`Service,Price\nChain replacement,${chain}\nBrake adjustment,15 EUR\n`),
  });
  const ask = async (price: string) => {
    await page.goto("/playground");
    const field = page.getByRole("textbox", { name: "Your question" });
    await field.fill("How much is a chain replacement?");
    await field.press("Enter");
    await expect(page.locator("[data-answer][data-outcome]").last()).toContainText(price);
  };
  const row = page.getByRole("row").filter({ hasText: "workshop-prices" });
  await page.goto("/knowledge");
  await page.locator("input[type=file]").setInputFiles(prices("40 EUR"));
  await expect(row).toContainText("Ready to answer");
  await page.locator("input[type=file]").setInputFiles(prices("55 EUR"));
  await row.getByRole("link", { name: "2 versions" }).click();

  await expect(page.getByText("1 line changed")).toBeVisible();
  await expect(page.getByRole("deletion")).toHaveText("40 EUR");
  await expect(page.getByRole("insertion")).toHaveText("55 EUR");
  const document = page.url();
  await ask("55 EUR");

  await page.goto(document);
  await page.getByRole("button", { name: "Return to this version" }).click();
  await expect(page.getByRole("insertion")).toHaveText("40 EUR");
  await ask("40 EUR");
});

test("documents are labelled together, found by the label, and the search test keeps to it", async ({
  page,
}) => {
  const files = ["rental", "repair"].map((name) => ({
    name: `${name}-terms.md`,
    mimeType: "text/markdown",
    buffer: Buffer.from(`# Terms of ${name}\n\nThe deposit for a ${name} is 70 euro.`),
  }));
  await page.goto("/knowledge");
  await page.locator("input[type=file]").setInputFiles(files);
  const row = (name: string) => page.getByRole("row").filter({ hasText: `Terms of ${name}` });
  for (const name of ["rental", "repair"]) await expect(row(name)).toContainText("Ready to answer");

  await row("rental").focus();
  await page.keyboard.press("l");
  await page.getByRole("textbox", { name: "New label" }).fill("For rent");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Save" }).click();
  await row("rental").getByRole("link", { name: "All documents labelled For rent" }).click();
  await expect(row("repair")).toHaveCount(0);
  await expect(page.getByRole("button", { name: "labelled For rent" })).toBeVisible();

  await page.goto("/knowledge/search");
  await page.getByRole("searchbox").fill("How much is the deposit?");
  await page.getByRole("button", { name: "with any label" }).click();
  await page.getByRole("menuitemradio", { name: /For rent/ }).click();
  await page.getByRole("searchbox").press("Enter");
  await expect(page.getByRole("article")).toHaveCount(1);
  await expect(page.getByRole("region", { name: "What would happen" })).toContainText("needs 50%");
  await page.getByRole("button", { name: "Show in the document" }).click();
  await expect(page.getByTestId("quote-mark").first()).toBeInViewport();
});
