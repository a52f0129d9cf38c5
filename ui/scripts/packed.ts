// Leaves of each built file only what gzip made of it, where that is smaller: the program carries it so and hands it
// out so, packed once as well as gzip can instead of again for each visitor.

import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Plugin } from "vite";

/** The name that the program looks for beside a file's own. */
const PACKED = ".gz";
/** What packing has to leave of a file to be worth unpacking. */
const WORTH = 0.9;

export function packed(): Plugin {
  return {
    name: "packed",
    apply: "build",
    writeBundle({ dir = "dist" }, bundle) {
      // The gallery is handed out by Vite, which knows nothing of packed files.
      if (!("index.html" in bundle)) return;
      for (const name of Object.keys(bundle)) {
        // The page is asked for by any address, the manifest is read by other scripts.
        if (!name.startsWith("assets/")) continue;
        const file = join(dir, name);
        const plain = readFileSync(file);
        const small = gzipSync(plain, { level: 9 });
        if (small.length > plain.length * WORTH) continue;
        writeFileSync(file + PACKED, small);
        rmSync(file);
      }
    },
  };
}
