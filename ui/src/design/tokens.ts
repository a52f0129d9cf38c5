/**
 * The one source of the look: colours of the three themes, by meaning, in OKLCH.
 *
 * `tokens.css` is written from here (`npm test -- -u`), and `tokens.test.ts` holds every pair that is
 * read together against its contrast. Components use the names only.
 */

/** Lightness 0..1, chroma, hue in degrees. */
export type Oklch = readonly [lightness: number, chroma: number, hue: number];

export type ThemeName = "light" | "dark" | "contrast";

type Theme = Record<ThemeName, Oklch>;

export const colours = {
  canvas: { light: [0.985, 0.003, 250], dark: [0.17, 0.01, 255], contrast: [0, 0, 0] },
  surface: { light: [1, 0, 0], dark: [0.205, 0.012, 255], contrast: [0, 0, 0] },
  raised: { light: [1, 0, 0], dark: [0.245, 0.014, 255], contrast: [0.14, 0, 0] },
  sunken: { light: [0.963, 0.005, 250], dark: [0.235, 0.013, 255], contrast: [0.18, 0, 0] },
  hover: { light: [0.955, 0.006, 250], dark: [0.265, 0.014, 255], contrast: [0.25, 0, 0] },
  line: { light: [0.915, 0.006, 250], dark: [0.31, 0.015, 255], contrast: [0.8, 0, 0] },
  "control-line": { light: [0.63, 0.015, 255], dark: [0.55, 0.015, 255], contrast: [1, 0, 0] },
  text: { light: [0.23, 0.02, 255], dark: [0.95, 0.005, 250], contrast: [1, 0, 0] },
  muted: { light: [0.5, 0.02, 255], dark: [0.72, 0.012, 250], contrast: [0.92, 0, 0] },
  faint: { light: [0.62, 0.015, 255], dark: [0.58, 0.012, 250], contrast: [0.82, 0, 0] },
  accent: { light: [0.53, 0.16, 255], dark: [0.68, 0.14, 252], contrast: [0.86, 0.13, 210] },
  "accent-strong": { light: [0.47, 0.16, 256], dark: [0.74, 0.12, 252], contrast: [0.92, 0.08, 210] },
  "accent-soft": { light: [0.955, 0.02, 255], dark: [0.285, 0.05, 255], contrast: [0.28, 0.06, 230] },
  "on-accent": { light: [1, 0, 0], dark: [0.16, 0.02, 255], contrast: [0, 0, 0] },
  ai: { light: [0.53, 0.15, 295], dark: [0.74, 0.11, 295], contrast: [0.84, 0.1, 300] },
  "ai-soft": { light: [0.962, 0.018, 295], dark: [0.28, 0.05, 295], contrast: [0.22, 0.05, 295] },
  person: { light: [0.5, 0.11, 165], dark: [0.76, 0.11, 165], contrast: [0.88, 0.14, 165] },
  "person-soft": { light: [0.96, 0.03, 165], dark: [0.28, 0.04, 165], contrast: [0.22, 0.05, 165] },
  warn: { light: [0.54, 0.12, 66], dark: [0.8, 0.14, 78], contrast: [0.9, 0.16, 95] },
  "warn-soft": { light: [0.97, 0.035, 85], dark: [0.29, 0.045, 75], contrast: [0.22, 0.05, 85] },
  danger: { light: [0.54, 0.2, 25], dark: [0.72, 0.16, 24], contrast: [0.8, 0.15, 25] },
  "danger-soft": { light: [0.965, 0.018, 20], dark: [0.28, 0.055, 22], contrast: [0.22, 0.06, 25] },
  good: { light: [0.52, 0.125, 152], dark: [0.76, 0.15, 152], contrast: [0.88, 0.2, 150] },
  "good-soft": { light: [0.965, 0.03, 155], dark: [0.275, 0.045, 155], contrast: [0.22, 0.05, 155] },
  mark: { light: [0.93, 0.1, 95], dark: [0.42, 0.085, 90], contrast: [0.9, 0.17, 100] },
  "on-mark": { light: [0.23, 0.02, 255], dark: [0.98, 0.01, 95], contrast: [0, 0, 0] },
} as const satisfies Record<string, Theme>;

export type ColourName = keyof typeof colours;

/** Pairs that are read together, and the least contrast between them (WCAG 2.2 ratio, 1..21). */
export const pairs: readonly (readonly [front: ColourName, back: ColourName, least: number])[] = [
  ...(["canvas", "surface", "raised", "sunken", "hover"] as const).flatMap(
    (back) =>
      [
        ["text", back, 7],
        ["muted", back, 4.5],
        ["control-line", back, 3],
        ["accent", back, 3],
      ] as const,
  ),
  ...(["canvas", "surface", "raised"] as const).flatMap(
    (back) =>
      [
        ["faint", back, 3],
        ["accent-strong", back, 4.5],
        ["ai", back, 4.5],
        ["person", back, 4.5],
        ["warn", back, 4.5],
        ["danger", back, 4.5],
        ["good", back, 4.5],
      ] as const,
  ),
  ...(["accent-soft", "ai-soft", "person-soft", "warn-soft", "danger-soft", "good-soft"] as const).map(
    (back) => ["text", back, 7] as const,
  ),
  ...(["accent-soft", "ai-soft", "person-soft", "warn-soft", "danger-soft", "good-soft"] as const).map(
    (back) => ["muted", back, 4.5] as const,
  ),
  ["accent-strong", "accent-soft", 4.5],
  ["ai", "ai-soft", 4.5],
  ["person", "person-soft", 4.5],
  ["warn", "warn-soft", 4.5],
  ["danger", "danger-soft", 4.5],
  ["good", "good-soft", 4.5],
  ["on-accent", "accent", 4.5],
  ["on-accent", "accent-strong", 4.5],
  ["on-mark", "mark", 7],
];

/** The stylesheet of the tokens: light by default, dark by the system's wish or by choice, high contrast likewise. */
export function stylesheet(): string {
  const declarations = (theme: ThemeName, indent: string) =>
    Object.entries(colours)
      .map(([name, theme_]) => `${indent}--${name}: ${css(theme_[theme])};`)
      .join("\n");
  return [
    "/* Written from tokens.ts by tokens.test.ts (npm test -- -u). Do not edit. */",
    `:root {\n  color-scheme: light;\n${declarations("light", "  ")}\n}`,
    `@media (prefers-color-scheme: dark) {\n  :root:not([data-theme]) {\n    color-scheme: dark;\n${declarations("dark", "    ")}\n  }\n}`,
    `:root[data-theme="dark"] {\n  color-scheme: dark;\n${declarations("dark", "  ")}\n}`,
    `@media (prefers-contrast: more) {\n  :root:not([data-theme]) {\n    color-scheme: dark;\n${declarations("contrast", "    ")}\n  }\n}`,
    `:root[data-theme="contrast"] {\n  color-scheme: dark;\n${declarations("contrast", "  ")}\n}`,
    "",
  ].join("\n\n");
}

function css([lightness, chroma, hue]: Oklch): string {
  return `oklch(${lightness} ${chroma} ${hue})`;
}

/** WCAG 2.2 contrast ratio of two colours, 1..21 (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio). */
export function contrast(front: Oklch, back: Oklch): number {
  const [one, other] = [luminance(front), luminance(back)];
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}

/** Relative luminance 0..1; OKLab to linear sRGB by Björn Ottosson's matrices, out-of-gamut channels clipped. */
function luminance([lightness, chroma, hue]: Oklch): number {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const clip = (channel: number) => Math.min(1, Math.max(0, channel));
  const red = clip(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short);
  const green = clip(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short);
  const blue = clip(-0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
