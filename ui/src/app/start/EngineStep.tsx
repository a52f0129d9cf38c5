/** Who writes: quotes at once, a key that is tested at once, or a model on this computer. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { Cpu, KeyRound, type LucideIcon, Quote } from "lucide-react";
import { useState } from "react";
import { api, take } from "../../api/client";
import { assistantsQuery, settingsQuery } from "../../api/queries";
import type { Assistant, AssistantSettings, Settings } from "../../api/types";
import { ErrorNote, Skeleton } from "../../design/Parts";
import { Engine } from "../../features/settings/Engine";
import { LocalModel } from "../../features/settings/LocalModel";
import { Foot } from "./Foot";
import type { StepProps } from "./StartPage";
import css from "./start.module.css";
import { useStartWords } from "./words";

type Choice = AssistantSettings["engine"];

const choices = [
  ["quotes", Quote],
  ["remote", KeyRound],
  ["local", Cpu],
] as const satisfies readonly (readonly [Choice, LucideIcon])[];

export function EngineStep(props: StepProps) {
  const settings = useQuery(settingsQuery);
  const assistants = useQuery(assistantsQuery);
  const error = settings.error ?? assistants.error;
  if (error) return <ErrorNote error={error} />;
  if (!settings.data || !assistants.data) return <Skeleton lines={4} height={36} />;
  return <Choices {...props} settings={settings.data} assistant={assistants.data[0]} />;
}

interface ChoicesProps extends StepProps {
  settings: Settings;
  assistant: Assistant | undefined;
}

function Choices({ settings, assistant, onNext, onBack }: ChoicesProps) {
  const say = useStartWords();
  const [chosen, setChosen] = useState<Choice>(assistant?.settings.engine ?? "quotes");
  const isReady =
    chosen === "quotes" || (chosen === "remote" ? settings.remote !== null : settings.chat_model !== "");
  const save = useMutation({
    mutationFn: async () => {
      if (!assistant || assistant.settings.engine === chosen) return;
      const { id, name, version } = assistant;
      const body = { name, version, settings: { ...assistant.settings, engine: chosen } };
      await take(api.PUT("/api/assistants/{id}", { params: { path: { id } }, body }));
    },
    meta: { stale: ["assistants", "home"] },
    onSuccess: onNext,
  });
  return (
    <>
      <fieldset className={css.choices}>
        <legend className="unseen">{say("title.engine")}</legend>
        {choices.map(([choice, Icon]) => (
          <label key={choice} className={css.choice}>
            <input
              type="radio"
              name="engine"
              checked={chosen === choice}
              onChange={() => setChosen(choice)}
            />
            <Icon size={20} strokeWidth={1.5} aria-hidden="true" />
            <span>
              <b>{say(`engine.${choice}`)}</b>
              <small>{say(`engine.${choice}_about`)}</small>
            </span>
          </label>
        ))}
      </fieldset>
      {chosen === "remote" && (
        <div className={css.inner}>
          <Engine key={JSON.stringify(settings.remote)} remote={settings.remote} isUsed />
        </div>
      )}
      {chosen === "local" && (
        <div className={css.inner}>
          <LocalModel chosen={settings.chat_model} isUsed />
        </div>
      )}
      {!isReady && (
        <p className={css.note}>{say(chosen === "local" ? "engine.local_first" : "engine.remote_first")}</p>
      )}
      {save.isError && <ErrorNote error={save.error} />}
      <Foot
        onBack={onBack}
        onSkip={onNext}
        onNext={() => save.mutate()}
        isBusy={save.isPending}
        isDisabled={!isReady}
      />
    </>
  );
}
