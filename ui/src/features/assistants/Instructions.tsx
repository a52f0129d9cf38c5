/** How it writes, from a template of the trade or in the owner's words; and what it does not talk about. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { settingsQuery } from "../../api/queries";
import { Button } from "../../design/Button";
import { Select, TextArea } from "../../design/Field";
import { Section } from "../../design/Parts";
import { toast } from "../../design/Toast";
import { useTooLong } from "../../shared/length/length";
import { type Trade, trades, useTrades } from "../../shared/trades/trades";
import css from "./assistants.module.css";
import { Lines } from "./Lines";
import { LONGEST } from "./lengths";
import { Texts } from "./Texts";
import type { Settings } from "./wire";
import { useWords } from "./words";

interface Props {
  settings: Settings;
  onChange: (change: Partial<Settings>) => void;
}

export function Instructions({ settings, onChange }: Props) {
  const say = useWords();
  const tooLong = useTooLong();
  const trade = useTrades(useQuery(settingsQuery).data?.business ?? "");
  const [chosen, setChosen] = useState<Trade>("shop");
  const { instructions, forbidden } = settings;
  const fill = () => {
    onChange({ instructions: trade.instructions(chosen) });
    if (instructions.trim() !== "") {
      toast({
        text: say("template.filled"),
        action: { label: say("undo"), run: () => onChange({ instructions }) },
      });
    }
  };
  return (
    <>
      <Section title={say("instructions.title")} about={say("instructions.about")}>
        <div className={css.template}>
          <Select
            label={say("template.label")}
            value={chosen}
            options={trades.map((one) => ({ value: one, label: trade.name(one) }))}
            onChange={(event) => setChosen(event.target.value as Trade)}
          />
          <Button onClick={fill}>{say("template.fill")}</Button>
        </div>
        <TextArea
          label={say("instructions.label")}
          help={settings.engine === "quotes" ? say("instructions.quotes") : say("instructions.help")}
          value={instructions}
          error={tooLong(instructions, LONGEST.instructions)}
          rows={14}
          onChange={(event) => onChange({ instructions: event.target.value })}
        />
      </Section>
      <Section title={say("forbidden.title")} about={say("forbidden.about")}>
        <Lines
          label={say("forbidden.label")}
          help={say("forbidden.help")}
          value={forbidden.words}
          most={100}
          longest={LONGEST.word}
          onChange={(words) => onChange({ forbidden: { ...forbidden, words } })}
        />
        <Texts
          label={say("forbidden.text")}
          help={say("forbidden.textHelp")}
          texts={forbidden.texts}
          longest={LONGEST.text}
          onChange={(texts) => onChange({ forbidden: { ...forbidden, texts } })}
        />
      </Section>
    </>
  );
}
