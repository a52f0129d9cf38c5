/** The interface's language and look, kept in this browser and taken at once. */
import { Contrast, Monitor, Moon, Sun } from "lucide-react";
import { Select } from "../../design/Field";
import { setTheme, type ThemeChoice, useTheme } from "../../design/theme";
import { type Language, setLanguage, useLanguage } from "../../i18n/language";
import styles from "./Settings.module.css";
import { useWords } from "./words";

const themes = [
  ["system", Monitor],
  ["light", Sun],
  ["dark", Moon],
  ["contrast", Contrast],
] as const satisfies readonly (readonly [ThemeChoice, unknown])[];

/** Languages by their own names. */
const languages = [
  { value: "en", label: "English" },
  { value: "ru", label: "Русский" },
];

export function Look() {
  const say = useWords();
  const theme = useTheme();
  const language = useLanguage();
  return (
    <>
      <Select
        label={say("look.language")}
        value={language}
        options={languages}
        onChange={(event) => setLanguage(event.target.value as Language)}
      />
      <fieldset className={styles.choices}>
        <legend>{say("look.theme")}</legend>
        <div className={styles.tiles}>
          {themes.map(([choice, Icon]) => (
            <label key={choice} className={styles.tile}>
              <Icon size={20} strokeWidth={1.5} aria-hidden="true" />
              {say(`look.${choice}`)}
              <input
                type="radio"
                name="theme"
                className="unseen"
                checked={theme === choice}
                onChange={() => setTheme(choice)}
              />
            </label>
          ))}
        </div>
      </fieldset>
    </>
  );
}
