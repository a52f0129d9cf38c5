/** When a person is asked for, and what customers are told. */
import { Field } from "../../design/Field";
import { Section } from "../../design/Parts";
import { Toggle } from "../../design/Toggle";
import css from "./assistants.module.css";
import { Lines } from "./Lines";
import { LONGEST } from "./lengths";
import { Texts } from "./Texts";
import type { HandoffRules, Moment } from "./wire";
import { useWords } from "./words";

const moments = [
  "requested",
  "taken",
  "handed_back",
  "nobody_came",
  "closed",
] as const satisfies readonly Moment[];
/** The program takes no more: refusals in a row, and a week of minutes. */
const MOST_REFUSALS = 20;
const MOST_MINUTES = 10_080;

interface Props {
  rules: HandoffRules;
  onChange: (rules: HandoffRules) => void;
}

export function Handoff({ rules, onChange }: Props) {
  const say = useWords();
  const set = (change: Partial<HandoffRules>) => onChange({ ...rules, ...change });
  const within = (text: string, least: number, most: number) =>
    Math.min(most, Math.max(least, Math.round(Number(text) || 0)));
  return (
    <>
      <Section title={say("handoff.title")} about={say("handoff.about")}>
        <Toggle
          label={say("handoff.unsure")}
          help={say("handoff.unsureHelp")}
          checked={rules.on_low_confidence}
          onChange={(on_low_confidence) => set({ on_low_confidence })}
        />
        <Toggle
          label={say("handoff.rating")}
          help={say("handoff.ratingHelp")}
          checked={rules.on_low_rating}
          onChange={(on_low_rating) => set({ on_low_rating })}
        />
        <Field
          label={say("handoff.refusals")}
          help={say("handoff.refusalsHelp")}
          type="number"
          min={0}
          max={MOST_REFUSALS}
          value={rules.after_refusals}
          onChange={(event) => set({ after_refusals: within(event.target.value, 0, MOST_REFUSALS) })}
        />
        <Lines
          label={say("handoff.words")}
          help={say("handoff.wordsHelp")}
          value={rules.words}
          most={100}
          longest={LONGEST.word}
          onChange={(words) => set({ words })}
        />
      </Section>
      <Section title={say("meanwhile.title")} about={say("meanwhile.about")}>
        <fieldset className={css.choices}>
          <legend>{say("meanwhile.label")}</legend>
          {(["answering", "silent"] as const).map((one) => (
            <label key={one} className={css.choice}>
              <input
                type="radio"
                name="meanwhile"
                checked={rules.meanwhile === one}
                onChange={() => set({ meanwhile: one })}
              />
              {say(`meanwhile.${one}`)}
            </label>
          ))}
        </fieldset>
        <Field
          label={say("meanwhile.idle")}
          help={say("meanwhile.idleHelp")}
          type="number"
          min={1}
          max={MOST_MINUTES}
          value={rules.idle_minutes}
          onChange={(event) => set({ idle_minutes: within(event.target.value, 1, MOST_MINUTES) })}
        />
        <Toggle
          label={say("handoff.name")}
          checked={rules.show_name}
          onChange={(show_name) => set({ show_name })}
        />
        <details className={css.more}>
          <summary>{say("moment.title")}</summary>
          <div className={css.moreBody}>
            <p className={css.note}>{say("moment.help", { name: "{name}" })}</p>
            {moments.map((moment) => (
              <Texts
                key={moment}
                label={say(`moment.${moment}`)}
                texts={rules.texts.filter((text) => text.moment === moment && text.text !== "")}
                longest={LONGEST.text}
                onChange={(texts) =>
                  set({
                    texts: [
                      ...rules.texts.filter((text) => text.moment !== moment),
                      ...texts.map((text) => ({ ...text, moment })),
                    ],
                  })
                }
              />
            ))}
          </div>
        </details>
      </Section>
    </>
  );
}
