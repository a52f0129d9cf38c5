import { existsSync } from "node:fs";
import { defineConfig } from "@playwright/test";

/** A browser that the system brought; without one, Playwright's own. */
const browser = process.env.CHROMIUM ?? "/usr/bin/chromium";

export default defineConfig({
  testDir: "e2e",
  // One set of pictures for all computers.
  snapshotPathTemplate: "{testDir}/pictures/{arg}{ext}",
  // Each worker starts a program of its own with empty data.
  workers: 1,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: [["list"]],
  use: {
    viewport: { width: 1280, height: 800 },
    locale: "en-US",
    actionTimeout: 60_000,
    trace: "retain-on-failure",
    launchOptions: {
      executablePath: existsSync(browser) ? browser : undefined,
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
