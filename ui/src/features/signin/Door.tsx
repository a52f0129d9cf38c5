/** The page before one is in: the mark, one card, language and look in the corner. */
import { Contrast, Monitor, Moon, Sun } from "lucide-react";
import type { ReactNode } from "react";
import { IconButton } from "../../design/Button";
import { setTheme, type ThemeChoice, useTheme } from "../../design/theme";
import { setLanguage, useLanguage } from "../../i18n/language";
import styles from "./Door.module.css";
import { useWords } from "./words";

const themes: readonly ThemeChoice[] = ["system", "light", "dark", "contrast"];
const icons = { system: Monitor, light: Sun, dark: Moon, contrast: Contrast };

export function Door({ title, about, children }: { title: string; about?: ReactNode; children?: ReactNode }) {
  const say = useWords();
  const language = useLanguage();
  const theme = useTheme();
  const Icon = icons[theme];
  const next = themes[(themes.indexOf(theme) + 1) % themes.length] ?? "system";
  return (
    <div className={styles.door}>
      <header className={styles.corner}>
        <fieldset className={styles.languages} aria-label={say("look.language")}>
          <button type="button" lang="en" aria-pressed={language === "en"} onClick={() => setLanguage("en")}>
            English
          </button>
          <button type="button" lang="ru" aria-pressed={language === "ru"} onClick={() => setLanguage("ru")}>
            Русский
          </button>
        </fieldset>
        <IconButton
          label={`${say("look.theme")}: ${say(`look.${theme}`)}`}
          icon={<Icon size={20} strokeWidth={1.5} />}
          onClick={() => setTheme(next)}
        />
      </header>
      <main className={styles.middle}>
        <div className={styles.mark}>
          <img src="/icon.svg" alt="" width={44} height={44} />
          <div>
            <b>ChatAI</b>
            <p>{say("promise")}</p>
          </div>
        </div>
        <section className={styles.card} aria-labelledby="door-title">
          <h1 id="door-title">{title}</h1>
          {about && <p className={styles.about}>{about}</p>}
          {children}
        </section>
      </main>
    </div>
  );
}
