/** Makes the pictures of the README anew, from the real program with the demo company: `npm run screenshots`. */
import { defineConfig } from "@playwright/test";
import tests from "./playwright.config";

export default defineConfig({ ...tests, testDir: "screenshots" });
