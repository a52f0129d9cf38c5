/** The same words in each language that customers are spoken to in. */
import { TextArea } from "../../design/Field";
import { useTooLong } from "../../shared/length/length";
import type { Refusal } from "./wire";
import { useWords } from "./words";

interface Props {
  /** What the words are for; the language is added. */
  label: string;
  help?: string;
  texts: readonly Refusal[];
  /** Longest text, in characters. */
  longest: number;
  onChange: (texts: Refusal[]) => void;
}

export function Texts({ label, help, texts, longest, onChange }: Props) {
  const say = useWords();
  const tooLong = useTooLong();
  const textOf = (language: string) => texts.find((one) => one.language === language)?.text ?? "";
  const languages = [...new Set([...texts.map(({ language }) => language), "en", "ru"])];
  const put = (language: string, text: string) => {
    const isThere = texts.some((one) => one.language === language);
    const next = isThere
      ? texts.map((one) => (one.language === language ? { language, text } : one))
      : [...texts, { language, text }];
    onChange(next.filter(({ text }) => text.trim() !== ""));
  };
  return languages.toSorted().map((language) => (
    <TextArea
      key={language}
      label={say("texts.label", {
        label,
        language: language === "en" ? say("texts.en") : language === "ru" ? say("texts.ru") : language,
      })}
      help={help}
      lang={language}
      value={textOf(language)}
      error={tooLong(textOf(language), longest)}
      rows={2}
      onChange={(event) => put(language, event.target.value)}
    />
  ));
}
