/**
 * Every part of the design in every state, for whoever works on it: `npm run dev`, then `/gallery.html`.
 * A page of its own beside the program's, so that nothing of it is in what ships. The browser tests compare
 * pictures of it (`e2e/gallery.spec.ts`).
 */
import { Chip, PageHead } from "../design/Parts";
import { Toasts } from "../design/Toast";
import { setTheme, type ThemeChoice, useTheme } from "../design/theme";
import { setLanguage, useLanguage } from "../i18n/language";
import { Buttons } from "./Buttons";
import { Charts } from "./Charts";
import { Colours } from "./Colours";
import { Fields } from "./Fields";
import { Floating } from "./Floating";
import css from "./gallery.module.css";
import { Pieces } from "./Pieces";
import { States } from "./States";
import { useWords } from "./words";

const themes: readonly ThemeChoice[] = ["system", "light", "dark", "contrast"];

export function Gallery() {
  const say = useWords();
  const theme = useTheme();
  const language = useLanguage();
  return (
    <main className={css.page}>
      <PageHead title={say("title")} about={say("about")} />
      {/* biome-ignore lint/a11y/useSemanticElements: buttons that switch the look are no fields */}
      <div className={css.row} role="group" aria-label={say("look")}>
        {themes.map((one) => (
          <Chip key={one} pressed={theme === one} onClick={() => setTheme(one)}>
            {say(`theme.${one}`)}
          </Chip>
        ))}
        <Chip pressed={language === "en"} onClick={() => setLanguage("en")} lang="en">
          English
        </Chip>
        <Chip pressed={language === "ru"} onClick={() => setLanguage("ru")} lang="ru">
          Русский
        </Chip>
      </div>
      <Colours />
      <Buttons />
      <Fields />
      <Pieces />
      <Charts />
      <States />
      <Floating />
      <Toasts />
    </main>
  );
}
