import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";
import { test } from "./fixtures";

const parts = ["instructions", "rules", "hours", "knowledge", "writer", "versions"];
const steps = ["language", "business", "files", "questions", "engine", "telegram", "done"];
const pages = [
  "/",
  "/improve",
  "/improve/rated",
  "/inbox",
  "/channels",
  "/knowledge",
  "/knowledge/qa",
  "/knowledge/search",
  "/knowledge/sources",
  "/assistants",
  ...parts.map((part) => `/assistants/ASSISTANT/${part}`),
  ...steps.map((step) => `/start/${step}`),
  "/analytics",
  "/playground",
  "/settings",
  "/settings/team",
  "/settings/mail",
  "/settings/usage",
  "/settings/health",
  "/settings/security",
  "/settings/updates",
  "/settings/you",
];

/** What Lighthouse asks for that axe leaves out unless told. */
const asLighthouse = Object.fromEntries(
  [
    "target-size",
    "label-content-name-mismatch",
    "identical-links-same-purpose",
    "table-fake-caption",
    "td-has-header",
  ].map((rule) => [rule, { enabled: true }]),
);

/** The pages with the id of the assistant that is there. */
async function addressed(page: Page): Promise<string[]> {
  const { items } = await (await page.request.get("/api/assistants")).json();
  return pages.map((address) => address.replace("ASSISTANT", items[0].id));
}

for (const theme of ["light", "dark", "contrast"]) {
  test(`every page can be used by everyone in ${theme}`, async ({ page }) => {
    await page.addInitScript((theme) => localStorage.setItem("chatai.theme", theme), theme);
    // axe looks at every element of every page.
    test.setTimeout(180_000);
    for (const address of await addressed(page)) {
      await page.goto(address);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      // Skeletons stand where something is still loading.
      await expect(page.locator("[class*=bone]")).toHaveCount(0);
      const axe = new AxeBuilder({ page });
      // Another theme has other colours; all else is the same page.
      if (theme !== "light") axe.withRules("color-contrast");
      else axe.options({ rules: asLighthouse });
      const { violations } = await axe.analyze();
      const found = violations.map(
        ({ id, nodes }) => `${address}: ${id}: ${nodes.map((node) => node.html).join(" ")}`,
      );
      expect(found).toEqual([]);
    }
  });
}

test("no page is wider than a phone", async ({ page }) => {
  test.slow();
  await page.setViewportSize({ width: 360, height: 740 });
  await page.addInitScript(() => localStorage.setItem("chatai.language", "ru"));
  for (const address of await addressed(page)) {
    await page.goto(address);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  }
});
