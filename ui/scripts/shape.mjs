// The house's rules for the UI that no linter knows: arrows between folders, sizes, the lock file.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

const root = new URL("..", import.meta.url).pathname;
const source = join(root, "src");
const faults = [];

for (const name of readdirSync(source, { recursive: true })) {
  if (!/\.tsx?$/.test(name) || name.endsWith("schema.ts")) continue;
  const code = readFileSync(join(source, name), "utf8");
  const lines = code.split("\n").length;
  const most = name.endsWith(".tsx") ? 400 : 800;
  if (lines > most) faults.push(`${name}: ${lines} lines, at most ${most}`);
  for (const [, target] of code.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)) {
    if (target.startsWith("@tauri-apps/")) faults.push(`${name}: imports ${target}; the window has no IPC`);
    if (!target.startsWith(".")) continue;
    const to = relative(source, join(source, dirname(name), target));
    if (!mayImport(name, to)) faults.push(`${name}: may not import ${to}`);
  }
}

if (readFileSync(join(root, "package-lock.json"), "utf8").includes('"resolved"')) {
  faults.push("package-lock.json: holds download addresses; npm install with the .npmrc beside it");
}

for (const fault of faults) console.error(fault);
if (faults.length > 0) process.exit(1);
console.log("shape: shared -> features -> app holds, files are small, the lock file is clean");

/** shared -> features -> app; features never import each other; the gallery is for nobody, so that it never ships. */
function mayImport(from, to) {
  const [layer, feature] = from.split("/");
  const [toLayer, toFeature] = to.split("/");
  if (toLayer === "gallery") return layer === "gallery";
  if (layer === "app" || from === "main.tsx") return true;
  if (toLayer === "app") return false;
  if (toLayer === "features") return layer === "features" && feature === toFeature;
  return true;
}
