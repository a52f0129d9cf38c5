// Serves the files that pdf.js asks for by name (character maps, picture decoders without WebAssembly)
// from our own origin, in development and in the build. `virtual:pdf-assets` is the address of their folder.

import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Plugin } from "vite";

const require = createRequire(import.meta.url);
const root = dirname(require.resolve("pdfjs-dist/package.json"));
const version: string = require("pdfjs-dist/package.json").version;
const folder = `assets/pdfjs-${version}/`;
const name = "virtual:pdf-assets";

export function pdfAssets(): Plugin {
  return {
    name: "pdf-assets",
    resolveId: (id) => (id === name ? `\0${name}` : undefined),
    load: (id) => (id === `\0${name}` ? `export default "/${folder}";` : undefined),
    configureServer(server) {
      server.middlewares.use(`/${folder}`, (request, response, next) => {
        const file = files().get(request.url?.slice(1) ?? "");
        if (!file) return next();
        response.setHeader(
          "content-type",
          file.endsWith(".js") ? "text/javascript" : "application/octet-stream",
        );
        response.end(readFileSync(file));
      });
    },
    generateBundle() {
      for (const [fileName, file] of files()) {
        this.emitFile({ type: "asset", fileName: folder + fileName, source: readFileSync(file) });
      }
    },
  };
}

function files(): Map<string, string> {
  const found = new Map<string, string>();
  for (const file of readdirSync(join(root, "cmaps"))) {
    // No PDF names the maps of these encodings (ISO 32000-1, table 118), and they are 40 % of all.
    if (/-UTF(8|32)-/.test(file)) continue;
    found.set(`cmaps/${file}`, join(root, "cmaps", file));
  }
  for (const file of readdirSync(join(root, "wasm"))) {
    if (file.endsWith("_nowasm_fallback.js")) found.set(`decoders/${file}`, join(root, "wasm", file));
  }
  return found;
}
