// Every word of the interface has a key, every key is used, and nothing is written into the page by hand.
// Missing keys and missing translations do not compile (see src/i18n/words.ts); this finds the rest.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { parseSync } from "vite";

const source = new URL("../src", import.meta.url).pathname;
/** Attributes that people see or hear. */
const spoken = new Set([
  "alt",
  "title",
  "label",
  "placeholder",
  "aria-label",
  "aria-description",
  "aria-valuetext",
  "about",
]);
/** Names that are the same in every language. */
const names = new Set([
  "ChatAI",
  "English",
  "Русский",
  "Esc",
  "chatai admin reset-password",
  "http://127.0.0.1:11434/v1",
  "https://api.telegram.org",
  "Ctrl K",
  "shop-window",
  "socks5h://127.0.0.1:1080",
]);

const files = readdirSync(source, { recursive: true })
  .map((name) => join(source, name))
  .filter((name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$|schema\.ts$/.test(name));
const faults = [...unused(), ...handwritten()];
for (const fault of faults) console.error(fault);
if (faults.length > 0) process.exit(1);
console.log(`words: ${files.length} files, every phrase has a key and every key is used`);

function* unused() {
  for (const file of files.filter((name) => name.endsWith("/en.ts"))) {
    const folder = dirname(file);
    if (!existsSync(join(folder, "ru.ts"))) yield `${relative(source, file)}: there is no ru.ts beside it`;
    const keys = [...readFileSync(file, "utf8").matchAll(/^ {2}"?([\w.-]+)"?:/gm)].map((match) => match[1]);
    const code = files
      .filter((name) => name.startsWith(folder) && !/\/(en|ru)\.ts$/.test(name))
      .map((name) => readFileSync(name, "utf8"))
      .join("\n");
    const stems = [...code.matchAll(/`([\w.-]*[._])\$\{/g)].map((match) => match[1]);
    const isUsed = (key) => code.includes(`"${key}"`) || stems.some((stem) => key.startsWith(stem));
    for (const key of keys.filter((key) => !isUsed(key)))
      yield `${relative(source, file)}: "${key}" is not used`;
  }
}

function* handwritten() {
  for (const file of files.filter((name) => name.endsWith(".tsx"))) {
    const code = readFileSync(file, "utf8");
    const { program, errors } = parseSync(file, code, { lang: "tsx" });
    if (errors.length > 0) yield `${relative(source, file)}: cannot be parsed`;
    for (const { text, start } of phrases(program)) {
      if (!/\p{L}{2}/u.test(text) || names.has(text.trim())) continue;
      const line = code.slice(0, start).split("\n").length;
      yield `${relative(source, file)}:${line}: "${text.trim()}" has no key`;
    }
  }
}

function* phrases(node) {
  if (Array.isArray(node)) {
    for (const child of node) yield* phrases(child);
    return;
  }
  if (typeof node !== "object" || node === null) return;
  if (node.type === "JSXText") yield { text: node.value, start: node.start };
  if (node.type === "JSXAttribute" && spoken.has(node.name.name) && typeof node.value?.value === "string") {
    yield { text: node.value.value, start: node.start };
  }
  for (const child of Object.values(node)) yield* phrases(child);
}
