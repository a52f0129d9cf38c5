import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { packed } from "./scripts/packed";
import { pdfAssets } from "./scripts/pdfAssets";

/** Where the real program listens while the page is developed with `npm run dev`. */
const program = process.env.CHATAI_ADDRESS ?? "http://127.0.0.1:8484";

export default defineConfig({
  plugins: [react(), pdfAssets(), packed()],
  server: { proxy: { "/api": { target: program, changeOrigin: false } } },
  build: {
    target: "es2023",
    // The content security policy allows no data: fonts or styles, so nothing is inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
    reportCompressedSize: false,
  },
  worker: { format: "es" },
  test: {
    css: false,
    projects: [
      // Only what draws needs a document.
      { extends: true, test: { name: "plain", environment: "node", include: ["src/**/*.test.ts"] } },
      {
        extends: true,
        test: {
          name: "drawn",
          environment: "jsdom",
          include: ["src/**/*.test.tsx"],
          setupFiles: ["src/test/setup.ts"],
          // Drawing is work, and the computer may have other work.
          testTimeout: 20_000,
        },
      },
    ],
  },
});
