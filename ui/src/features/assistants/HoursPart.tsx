/** When people are there: the week, holidays, what happens outside; and why it is so at a moment. */
import { Field } from "../../design/Field";
import { Section } from "../../design/Parts";
import { Toggle } from "../../design/Toggle";
import css from "./assistants.module.css";
import { Holidays } from "./Holidays";
import { usualHours } from "./hours";
import { WeekFields } from "./WeekFields";
import { WhyNow } from "./WhyNow";
import type { Hours, Settings } from "./wire";
import { useWords } from "./words";

const policies = ["answer_and_say_when", "answer_anyway", "collect_contact"] as const;
const zones = Intl.supportedValuesOf("timeZone");

interface Props {
  assistantId: string;
  settings: Settings;
  onChange: (change: Partial<Settings>) => void;
}

export function HoursPart({ assistantId, settings: { hours }, onChange }: Props) {
  const say = useWords();
  const set = (change: Partial<Hours>) => hours && onChange({ hours: { ...hours, ...change } });
  const switched = (isOn: boolean) =>
    onChange({ hours: isOn ? usualHours(Intl.DateTimeFormat().resolvedOptions().timeZone) : null });
  return (
    <>
      <Section title={say("hours.title")} about={say("hours.about")}>
        <Toggle
          label={say("hours.switch")}
          help={say("hours.switchHelp")}
          checked={hours !== null}
          onChange={switched}
        />
        {hours && (
          <>
            <Field
              label={say("zone.label")}
              help={say("zone.help")}
              error={zones.includes(hours.zone) || hours.zone === "UTC" ? undefined : say("zone.unknown")}
              list="zones"
              autoComplete="off"
              spellCheck={false}
              value={hours.zone}
              onChange={(event) => set({ zone: event.target.value })}
            />
            <datalist id="zones">
              {zones.map((zone) => (
                <option key={zone} value={zone} />
              ))}
            </datalist>
            <WeekFields week={hours.week} onChange={(week) => set({ week })} />
          </>
        )}
      </Section>
      {hours && (
        <>
          <Section title={say("holidays.title")} about={say("holidays.about")}>
            <Holidays holidays={hours.holidays} onChange={(holidays) => set({ holidays })} />
          </Section>
          <Section title={say("outside.title")} about={say("outside.about")}>
            <fieldset className={css.choices}>
              <legend className="unseen">{say("outside.title")}</legend>
              {policies.map((policy) => (
                <label key={policy} className={css.choice}>
                  <input
                    type="radio"
                    name="outside"
                    checked={hours.outside === policy}
                    onChange={() => set({ outside: policy })}
                  />
                  <span>
                    {say(`outside.${policy}`)}
                    <small>{say(`outside.${policy}_help`)}</small>
                  </span>
                </label>
              ))}
            </fieldset>
          </Section>
        </>
      )}
      <Section title={say("why.title")} about={say("why.about")}>
        <WhyNow assistantId={assistantId} hours={hours} />
      </Section>
    </>
  );
}
