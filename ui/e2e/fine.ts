/** What stands on a page, once it is all there, can be used by everyone. */
import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

export async function fine(page: Page) {
  // Before its own part came, a page has neither a heading nor the bones of what is loading.
  await expect(page.locator("h1").first()).toBeVisible();
  await expect(page.locator("[class*=bone]")).toHaveCount(0);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`)).toEqual([]);
}
