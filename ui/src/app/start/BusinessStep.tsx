/** Who the business is: its name, one line, its trade. They fill the assistant's name, greeting and instructions. */
import { useMutation, useQuery } from "@tanstack/react-query";
import {
  CookingPot,
  GraduationCap,
  type LucideIcon,
  MonitorCog,
  ShoppingBag,
  Stethoscope,
  Wrench,
} from "lucide-react";
import { useState } from "react";
import { api, take } from "../../api/client";
import { assistantsQuery, settingsQuery } from "../../api/queries";
import type { Assistant } from "../../api/types";
import { Field } from "../../design/Field";
import { ErrorNote, Skeleton } from "../../design/Parts";
import { useLanguage } from "../../i18n/language";
import { useTooLong } from "../../shared/length/length";
import { type Trade, trades, useTrades } from "../../shared/trades/trades";
import { Foot } from "./Foot";
import type { StepProps } from "./StartPage";
import css from "./start.module.css";
import { useStartWords } from "./words";

/** The longest name that the API takes, and the longest line that the instructions begin with; in characters. */
const LONGEST_NAME = 100;
const LONGEST_LINE = 200;

const icons: Record<Trade, LucideIcon> = {
  shop: ShoppingBag,
  clinic: Stethoscope,
  school: GraduationCap,
  restaurant: CookingPot,
  it: MonitorCog,
  services: Wrench,
};

export function BusinessStep(props: StepProps) {
  const settings = useQuery(settingsQuery);
  const assistants = useQuery(assistantsQuery);
  const error = settings.error ?? assistants.error;
  if (error) return <ErrorNote error={error} />;
  if (!settings.data || !assistants.data) return <Skeleton lines={4} height={36} />;
  return <Fields {...props} business={settings.data.business} assistant={assistants.data[0]} />;
}

interface FieldsProps extends StepProps {
  business: string;
  assistant: Assistant | undefined;
}

function Fields({ business, assistant, onNext, onBack }: FieldsProps) {
  const say = useStartWords();
  const language = useLanguage();
  const [name, setName] = useState(business);
  const trade = useTrades(name.trim());
  const [line, setLine] = useState("");
  const [chosen, setChosen] = useState<Trade>();
  const tooLong = useTooLong();
  const nameOver = tooLong(name.trim(), LONGEST_NAME);
  const lineOver = tooLong(line.trim(), LONGEST_LINE);
  const isNamed = name.trim() !== "";
  const save = useMutation({
    mutationFn: async () => {
      const business = name.trim();
      await take(api.PATCH("/api/settings", { body: { business } }));
      if (!assistant || (!chosen && line.trim() === "")) return;
      const { settings } = assistant;
      const template = chosen ? trade.instructions(chosen) : settings.instructions;
      const about = line.trim() === "" ? "" : say("business.what", { business, line: line.trim() });
      await take(
        api.PUT("/api/assistants/{id}", {
          params: { path: { id: assistant.id } },
          body: {
            name: business,
            version: assistant.version,
            settings: {
              ...settings,
              instructions: [about, template].filter(Boolean).join("\n\n").slice(0, 8000),
              greeting: chosen ? trade.greeting(chosen) : settings.greeting,
              // Customers whose language is not clear are spoken to in the owner's.
              refusals: settings.refusals.toSorted(
                (a, b) => Number(b.language === language) - Number(a.language === language),
              ),
            },
          },
        }),
      );
    },
    meta: { stale: ["settings", "assistants", "home", "status"] },
    onSuccess: onNext,
  });
  return (
    <>
      <Field
        label={say("business.name")}
        help={say("business.nameHelp")}
        autoComplete="organization"
        value={name}
        error={isNamed ? nameOver : say("business.empty")}
        onChange={(event) => setName(event.target.value)}
      />
      <Field
        label={say("business.line")}
        placeholder={say("business.example")}
        value={line}
        error={lineOver}
        onChange={(event) => setLine(event.target.value)}
      />
      <fieldset className={css.tiles}>
        <legend>{say("business.trade")}</legend>
        {trades.map((one) => {
          const Icon = icons[one];
          return (
            <label key={one} className={css.tile}>
              <input
                type="radio"
                name="trade"
                className="unseen"
                checked={chosen === one}
                onChange={() => setChosen(one)}
              />
              <Icon size={20} strokeWidth={1.5} aria-hidden="true" />
              {trade.name(one)}
            </label>
          );
        })}
      </fieldset>
      {chosen && (
        <div className={css.preview} role="status">
          <small>{say("business.greets")}</small>
          <p>{trade.greeting(chosen)}</p>
          <small>{say("business.change")}</small>
        </div>
      )}
      {save.isError && <ErrorNote error={save.error} />}
      <Foot
        onBack={onBack}
        onSkip={onNext}
        onNext={() => save.mutate()}
        isBusy={save.isPending}
        isDisabled={!isNamed || nameOver !== undefined || lineOver !== undefined}
      />
    </>
  );
}
