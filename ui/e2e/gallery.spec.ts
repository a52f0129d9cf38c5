/**
 * Pictures of every part of the design in every state, compared with those of before. The gallery is built here
 * and is in nothing that ships. What is meant to look different: `npx playwright test gallery --update-snapshots`.
 *
 * Fonts come with the page, and hints, subpixels and colour profiles are switched off, so that another computer
 * draws the same. Another version of Chromium may still draw an edge differently: that much is allowed.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import { test as base, expect, type Page } from "@playwright/test";
import { build, preview } from "vite";

const root = join(import.meta.dirname, "..");

const test = base.extend<object, { gallery: string }>({
  gallery: [
    // biome-ignore lint/correctness/noEmptyPattern: the runner wants a pattern here
    async ({}, use) => {
      const outDir = mkdtempSync(join(tmpdir(), "chatai-gallery-"));
      const common = { root, logLevel: "error", build: { outDir, emptyOutDir: true } } as const;
      const input = join(root, "gallery.html");
      await build({ ...common, build: { ...common.build, rolldownOptions: { input } } });
      const server = await preview({ ...common, preview: { host: "127.0.0.1", port: 0 } });
      const address = server.httpServer.address();
      const port = typeof address === "object" && address ? address.port : 0;
      await use(`http://127.0.0.1:${port}/gallery.html`);
      await server.close();
      rmSync(outDir, { recursive: true, force: true });
    },
    { scope: "worker", timeout: 120_000 },
  ],
});

test.use({
  viewport: { width: 900, height: 700 },
  deviceScaleFactor: 1,
  launchOptions: async ({ launchOptions }, use) =>
    use({
      ...launchOptions,
      args: [
        ...(launchOptions.args ?? []),
        "--font-render-hinting=none",
        "--disable-lcd-text",
        "--force-color-profile=srgb",
        "--hide-scrollbars",
      ],
    }),
});

const picture = { threshold: 0.25, maxDiffPixelRatio: 0.005 } as const;

async function open(page: Page, gallery: string, theme: string, language: "en" | "ru" = "en") {
  await page.addInitScript(
    ([theme, language]) => {
      localStorage.setItem("chatai.theme", theme ?? "");
      localStorage.setItem("chatai.language", language ?? "");
    },
    [theme, language],
  );
  await page.goto(gallery);
  await expect(page.getByRole("heading", { level: 1 }).first()).toBeVisible();
  await page.evaluate(() => document.fonts.ready);
}

/** Puts what stands under `data-force` into the state that only a pointer or the keyboard makes. */
async function force(page: Page) {
  const client = await page.context().newCDPSession(page);
  await client.send("DOM.enable");
  await client.send("CSS.enable");
  const { root } = await client.send("DOM.getDocument", { depth: -1 });
  for (const state of ["hover", "focus-visible", "active"]) {
    const selector = `[data-force=${state}] :is(button, input, select, textarea)`;
    const { nodeIds } = await client.send("DOM.querySelectorAll", { nodeId: root.nodeId, selector });
    const forcedPseudoClasses = state === "active" ? ["hover", "active"] : [state];
    for (const nodeId of nodeIds) await client.send("CSS.forcePseudoState", { nodeId, forcedPseudoClasses });
  }
}

for (const theme of ["light", "dark", "contrast"]) {
  test(`every part in ${theme} looks as it did, and can be used by everyone`, async ({ page, gallery }) => {
    await open(page, gallery, theme);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`)).toEqual(
      [],
    );
    await force(page);
    await expect(page).toHaveScreenshot([`${theme}.png`], { ...picture, fullPage: true });
  });
}

test("every part speaks Russian, and fits a telephone", async ({ page, gallery }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await open(page, gallery, "light", "ru");
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  await expect(page.getByRole("region", { name: "Поля" })).toHaveScreenshot(["russian-360.png"], picture);
});

for (const theme of ["light", "dark"]) {
  test(`what opens above the page in ${theme} looks as it did`, async ({ page, gallery }) => {
    await open(page, gallery, theme);
    test.slow();
    const shot = async (name: string, selector = "[role=dialog]") => {
      await expect(page.locator(selector)).toBeVisible();
      const { violations } = await new AxeBuilder({ page })
        .include(selector)
        // A menu belongs to its button, and to no part of the page.
        .disableRules(["region"])
        .analyze();
      expect(violations.map(({ id, nodes }) => `${name}: ${id}: ${nodes[0]?.html}`)).toEqual([]);
      await expect(page.locator(selector)).toHaveScreenshot([`${theme}-${name}.png`], picture);
    };
    const press = (name: string) => page.getByRole("button", { name, exact: true }).click();
    for (const name of ["Dialog", "Sheet"]) {
      await press(name);
      await expect(page.getByRole("dialog")).toBeVisible();
      await shot(name.toLowerCase());
      await page.keyboard.press("Escape");
      await expect(page.getByRole("dialog")).toHaveCount(0);
    }
    await press("Menu");
    await page.keyboard.press("ArrowDown");
    await shot("menu", "[role=menu]");
    await page.keyboard.press("Escape");
    await press("Anybody");
    await shot("choice", "[role=menu]");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Hint" }).hover();
    await shot("hint", "[class*=_tip_]");
    await press("Notification");
    await shot("notification", "[aria-label=Notifications]");
  });
}

test("files that hang over their place are expected there", async ({ page, gallery }) => {
  await open(page, gallery, "light");
  const zone = page.getByText("Drop files here");
  const files = await page.evaluateHandle(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(["a"], "a.txt"));
    return transfer;
  });
  await zone.dispatchEvent("dragenter", { dataTransfer: files });
  await expect(zone).toHaveScreenshot(["drop.png"], picture);
});
