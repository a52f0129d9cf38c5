/** When it refuses, what it says then, and when a person is asked for. */
import { Section } from "../../design/Parts";
import { Handoff } from "./Handoff";
import { LONGEST } from "./lengths";
import { Texts } from "./Texts";
import { Threshold } from "./Threshold";
import type { Assistant, Settings } from "./wire";
import { useWords } from "./words";

interface Props {
  assistant: Assistant;
  settings: Settings;
  onChange: (change: Partial<Settings>) => void;
}

export function Rules({ assistant, settings, onChange }: Props) {
  const say = useWords();
  return (
    <>
      <Section title={say("threshold.title")} about={say("threshold.about")}>
        <Threshold
          assistant={assistant}
          threshold={settings.threshold}
          onChange={(threshold) => onChange({ threshold })}
        />
      </Section>
      <Section title={say("refusal.title")} about={say("refusal.about")}>
        <Texts
          label={say("refusal.label")}
          texts={settings.refusals}
          longest={LONGEST.refusal}
          onChange={(refusals) => onChange({ refusals })}
        />
      </Section>
      <Handoff rules={settings.handoff} onChange={(handoff) => onChange({ handoff })} />
    </>
  );
}
