/** Who it is: name, the language it falls back to, its first words, the questions it suggests. */
import { Field, Select, TextArea } from "../../design/Field";
import { Section } from "../../design/Parts";
import { useFormat } from "../../i18n/format";
import { useTooLong } from "../../shared/length/length";
import { Lines } from "./Lines";
import { LONGEST } from "./lengths";
import type { Settings } from "./wire";
import { useWords } from "./words";

/** The program takes no more. */
const MOST_SUGGESTIONS = 8;

interface Props {
  name: string;
  settings: Settings;
  onName: (name: string) => void;
  onChange: (change: Partial<Settings>) => void;
}

export function Identity({ name, settings, onName, onChange }: Props) {
  const say = useWords();
  const tooLong = useTooLong();
  const format = useFormat();
  const { refusals } = settings;
  const first = (language: string) =>
    onChange({
      refusals: [
        ...refusals.filter((one) => one.language === language),
        ...refusals.filter((one) => one.language !== language),
      ],
    });
  return (
    <>
      <Section title={say("name.title")} about={say("name.about")}>
        <Field
          label={say("name.label")}
          value={name}
          maxLength={100}
          onChange={(event) => onName(event.target.value)}
          error={name.trim() === "" ? say("name.empty") : undefined}
          required
        />
        <Select
          label={say("language.label")}
          help={say("language.help")}
          value={refusals[0]?.language ?? "en"}
          options={refusals.map(({ language }) => ({
            value: language,
            label: format.language(language) || language,
          }))}
          onChange={(event) => first(event.target.value)}
        />
      </Section>
      <Section title={say("greeting.title")} about={say("greeting.about")}>
        <TextArea
          label={say("greeting.label")}
          value={settings.greeting}
          error={tooLong(settings.greeting, LONGEST.greeting)}
          rows={3}
          onChange={(event) => onChange({ greeting: event.target.value })}
        />
        <Lines
          label={say("suggestions.label")}
          help={say("suggestions.help")}
          value={settings.suggestions}
          most={MOST_SUGGESTIONS}
          longest={LONGEST.suggestion}
          onChange={(suggestions) => onChange({ suggestions })}
        />
      </Section>
    </>
  );
}
