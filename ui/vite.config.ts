import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { pdfAssets } from "./scripts/pdfAssets";

/** Where the real program listens while the page is developed with `npm run dev`. */
const program = process.env.CHATAI_ADDRESS ?? "http://127.0.0.1:8787";

export default defineConfig({
  plugins: [react(), pdfAssets()],
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
    environment: "jsdom",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["src/test/setup.ts"],
    css: false,
  },
});
