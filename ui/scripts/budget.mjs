// First load: what the browser fetches before Knowledge stands, compressed. And what the content security
// policy would refuse: scripts and styles inside the page.

import { existsSync, readFileSync } from "node:fs";

/** Bytes of compressed JavaScript. */
const MOST = 250_000;
const dist = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", dist), "utf8"));

const first = new Set();
const gather = (key) => {
  const chunk = manifest[key];
  if (!chunk || first.has(chunk.file)) return;
  first.add(chunk.file);
  for (const next of chunk.imports ?? []) gather(next);
};
gather("index.html");
gather("src/features/knowledge/KnowledgePage.tsx");

/** A file as the program hands it out: packed, if that is smaller. */
const sent = (file) => {
  const packed = new URL(`${file}.gz`, dist);
  return readFileSync(existsSync(packed) ? packed : new URL(file, dist));
};
const sizes = [...first].map((file) => [file, sent(file).length]);
const total = sizes.reduce((sum, [, size]) => sum + size, 0);
console.log(
  `budget: first load is ${(total / 1000).toFixed(1)} kB of compressed JavaScript, at most ${MOST / 1000}`,
);
if (total > MOST) {
  for (const [file, size] of sizes.sort((a, b) => b[1] - a[1]))
    console.error(`${(size / 1000).toFixed(1)} kB ${file}`);
  process.exit(1);
}

const page = readFileSync(new URL("index.html", dist), "utf8");
if (/<style|style=|<script(?![^>]*\bsrc=)/.test(page)) {
  console.error("dist/index.html: holds a style or a script that the content security policy refuses");
  process.exit(1);
}
