/** The README's eight pictures: the demo company, customers in the simulator, small WebP files. */
import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, type Page } from "@playwright/test";
import { test } from "../e2e/fixtures";

const folder = join(import.meta.dirname, "../../assets/screenshots");
/** Bytes of one picture. */
const MOST = 80_000;

interface Look {
  theme?: "light" | "dark";
  language?: "en" | "ru";
  width?: number;
  height?: number;
}

test("the README's pictures", async ({ page, browser, program, signedIn }) => {
  test.setTimeout(400_000);
  const headers = { "x-chatai": "1", origin: program.url };
  const post = (path: string, data?: object) => page.request.post(path, { headers, data });
  await post("/api/demo");
  await expect
    .poll(async () => (await (await page.request.get("/api/status")).json()).documents.ready, {
      timeout: 90_000,
    })
    .toBe(12);
  const { items } = await (await page.request.get("/api/assistants")).json();
  const assistant = items.find(({ name }: { name: string }) => name.includes("Pine")) ?? items[0];

  await post("/api/simulator", { assistant_id: assistant.id });
  const say = async (name: string, text: string) => {
    await post("/api/simulator/say", { place: { name, room: "private", topic: 0 }, text });
    // One after the other, as people write.
    await page.waitForTimeout(1500);
  };
  await say("Maria", "How long is the warranty on the battery?");
  await say("Oleg", "Сколько стоит доставка?");
  await say("Hannah", "Do you repair sewing machines?");
  await say("Tom", "Can I pay with bitcoin?");
  await say("Ivan", "How long does a full charge of the Pine S2 take?");
  await say("Ivan", "It has been charging since yesterday. I want to talk to a person.");

  const conversation = await (await post("/api/conversations", { assistant_id: assistant.id })).json();
  await post(`/api/conversations/${conversation.id}/messages`, {
    text: "How long does a full charge of the Pine S2 take?",
  });

  const shot = async (name: string, path: string, look: Look, arrange?: (page: Page) => Promise<unknown>) => {
    const { theme = "light", language = "en", width = 1280, height = 800 } = look;
    const context = await browser.newContext({
      baseURL: program.url,
      storageState: signedIn,
      viewport: { width, height },
      reducedMotion: "reduce",
    });
    const page = await context.newPage();
    await page.addInitScript(
      ([theme, language]) => {
        localStorage.setItem("chatai.theme", theme ?? "");
        localStorage.setItem("chatai.language", language ?? "");
      },
      [theme, language],
    );
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 }).first()).toBeVisible();
    await expect(page.locator("[class*=bone]")).toHaveCount(0);
    await arrange?.(page);
    await page.evaluate(() => document.fonts.ready);
    const file = join(folder, `${name}.webp`);
    writeFileSync(file, await asWebp(context.newPage(), await page.screenshot()));
    expect(statSync(file).size).toBeLessThan(MOST);
    await context.close();
  };
  const openIvan = async (page: Page) => {
    await page.getByRole("link").filter({ hasText: "Ivan" }).first().click();
    await expect(page.getByRole("textbox")).toBeVisible();
    await expect(page.locator("[class*=bone]")).toHaveCount(0);
  };

  await shot("playground", `/playground/${conversation.id}`, {}, async (page) => {
    await page
      .getByRole("button", { name: /page 3|Pine S2/ })
      .first()
      .click();
    await expect(page.locator("canvas").first()).toBeVisible();
    await page.waitForTimeout(2500);
  });
  await shot("inbox", "/inbox", { theme: "dark", width: 1440, height: 860 }, openIvan);
  // What draws a chart comes after the page.
  await shot("home", "/", {}, (page) => expect(page.locator("[class*=plot] rect").first()).toBeVisible());
  await shot("knowledge", "/knowledge", {});
  await shot("improve", "/improve", {});
  await shot("assistant-ru", `/assistants/${assistant.id}/rules`, { language: "ru" });
  await shot("search", "/knowledge/search", { theme: "dark" }, async (page) => {
    await page.getByRole("searchbox").or(page.getByRole("textbox")).first().fill("warranty of the battery");
    await page.keyboard.press("Enter");
    await expect(page.getByText(/battery/i).nth(2)).toBeVisible();
  });
  await shot("phone", "/inbox", { width: 360, height: 740 }, openIvan);
});

/** The same picture as WebP; the browser itself can write it. */
async function asWebp(blank: Promise<Page>, png: Buffer): Promise<Buffer> {
  const page = await blank;
  const written = await page.evaluate(async (source) => {
    const picture = new Image();
    picture.src = `data:image/png;base64,${source}`;
    await picture.decode();
    const canvas = document.createElement("canvas");
    canvas.width = picture.width;
    canvas.height = picture.height;
    canvas.getContext("2d")?.drawImage(picture, 0, 0);
    return canvas.toDataURL("image/webp", 0.86);
  }, png.toString("base64"));
  return Buffer.from(written.split(",")[1] ?? "", "base64");
}
