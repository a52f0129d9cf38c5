// The Inbox in Chromium, for `cargo xtask bench inbox`: how long a page takes to stand, and how long each key, click
// and turn of the wheel takes until the next picture (Event Timing API). Prints one JSON.
//
// node bench/inbox.mjs URL EMAIL PASSWORD FOLDER

import { existsSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "@playwright/test";

const [url, email, password, folder] = process.argv.slice(2);
const named = process.env.CHROMIUM ?? "/usr/bin/chromium";
const browser = await chromium.launch({
  executablePath: existsSync(named) ? named : undefined,
  args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
});
const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en-US" });
const signedIn = await context.request.post(`${url}/api/session`, {
  headers: { "x-chatai": "1", origin: url },
  data: { email, password },
});
if (!signedIn.ok()) throw new Error(`signing in: ${signedIn.status()}`);
const page = await context.newPage();
await page.addInitScript(() => {
  globalThis.interactions = [];
  new PerformanceObserver((list) => {
    for (const { name, duration } of list.getEntries()) globalThis.interactions.push({ name, duration });
  }).observe({ type: "event", durationThreshold: 16, buffered: true });
});

const rows = [];
const told = (name, times) => {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  rows.push({ name, times: sorted.length, p50: at(0.5), p98: at(0.98), most: sorted.at(-1) ?? 0 });
};
/** Durations of interactions since the last call; those under 16 ms are not reported by the browser. */
const interactions = () =>
  page.evaluate(() => globalThis.interactions.splice(0).map(({ duration }) => duration));

const opened = [];
for (let turn = 0; turn < 5; turn += 1) {
  await page.goto("about:blank");
  const begun = performance.now();
  await page.goto(`${url}/inbox/closed`);
  await page.locator("ul[aria-label^='Conversations'] a").first().waitFor();
  opened.push(performance.now() - begun);
}
told("opening the Inbox until its rows stand", opened);

await page.locator("ul[aria-label^='Conversations'] a").first().click();
await page.getByRole("article").first().waitFor();
await page.keyboard.press("Escape");
await interactions();
const switched = [];
for (let turn = 0; turn < 60; turn += 1) {
  const took = await page.evaluate(async () => {
    const before = document.querySelector("section[aria-label] h2")?.closest("section");
    const begun = performance.now();
    document.body.dispatchEvent(new KeyboardEvent("keydown", { code: "KeyJ", key: "j", bubbles: true }));
    const stands = () => {
      const now = document.querySelector("section[aria-label] h2")?.closest("section");
      return now !== before && now?.querySelector("article");
    };
    while (!stands() && performance.now() - begun < 5000) await new Promise(requestAnimationFrame);
    return performance.now() - begun;
  });
  switched.push(took);
}
told("to the next conversation until its messages stand", switched);

for (let turn = 0; turn < 40; turn += 1) {
  await page.keyboard.press(turn % 4 === 3 ? "k" : "j");
  await page.waitForTimeout(60);
}
told("keys j and k until the next picture", await interactions());

const list = page.locator("ul[aria-label^='Conversations']").locator("..");
const box = await list.boundingBox();
await page.mouse.move(box.x + 100, box.y + 200);
const frames = page.evaluate(
  () =>
    new Promise((done) => {
      const gaps = [];
      let before = performance.now();
      const end = before + 6000;
      const look = (now) => {
        gaps.push(now - before);
        before = now;
        if (now < end) requestAnimationFrame(look);
        else done(gaps.slice(1));
      };
      requestAnimationFrame(look);
    }),
);
for (let turn = 0; turn < 90; turn += 1) {
  await page.mouse.wheel(0, 1200);
  await page.waitForTimeout(50);
}
told("scrolling 1,200 px at a turn: between two pictures", await frames);
const rowsInPage = await page.locator("ul[aria-label^='Conversations'] > li").count();
const scrolled = await list.evaluate((element) => Math.round(element.scrollTop / 84));
await interactions();

for (let turn = 0; turn < 20; turn += 1) {
  await page
    .locator("ul[aria-label^='Conversations'] a")
    .nth(6 + (turn % 5))
    .click();
  await page.waitForTimeout(80);
}
told("clicks on a row until the next picture, deep in the list", await interactions());

await page.getByRole("searchbox").fill("");
for (const letter of "delivery kazan") {
  await page.getByRole("searchbox").press(letter === " " ? "Space" : letter);
  await page.waitForTimeout(60);
}
await page.getByRole("list", { name: "Found: delivery kazan" }).waitFor();
told("letters of a search until the next picture", await interactions());

await page.screenshot({ path: join(folder, "inbox.png") });
process.stdout.write(
  JSON.stringify({
    browser: browser.version(),
    rows,
    rows_in_page: `${rowsInPage}, scrolled past ${scrolled}`,
  }),
);
await browser.close();
