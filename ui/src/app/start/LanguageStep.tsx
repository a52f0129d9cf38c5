/** Which language the pages speak; taken at once. */
import { type Language, setLanguage, useLanguage } from "../../i18n/language";
import { Foot } from "./Foot";
import type { StepProps } from "./StartPage";
import css from "./start.module.css";
import { useStartWords } from "./words";

/** Languages by their own names, with words in them. */
const languages = [
  { value: "en", name: "English", hello: "Good morning" },
  { value: "ru", name: "Русский", hello: "Доброе утро" },
] as const satisfies readonly { value: Language; name: string; hello: string }[];

export function LanguageStep({ onNext, onBack }: StepProps) {
  const say = useStartWords();
  const language = useLanguage();
  return (
    <>
      <fieldset className={css.tiles}>
        <legend className="unseen">{say("title.language")}</legend>
        {languages.map(({ value, name, hello }) => (
          <label key={value} lang={value} className={css.tile}>
            <input
              type="radio"
              name="language"
              className="unseen"
              checked={language === value}
              onChange={() => setLanguage(value)}
            />
            <b>{name}</b>
            <small>{hello}</small>
          </label>
        ))}
      </fieldset>
      <Foot onNext={onNext} onBack={onBack} />
    </>
  );
}
