/** What the assistant says and when it refuses. Customers see it, so it is saved by hand. */
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { api, take } from "../../api/client";
import { ApiProblem } from "../../api/problem";
import type { Assistant, AssistantSettings } from "../../api/types";
import { Button } from "../../design/Button";
import { Field, TextArea } from "../../design/Field";
import { ErrorNote } from "../../design/Parts";
import { toast } from "../../design/Toast";
import { useFormat } from "../../i18n/format";
import { KnowledgeUsed } from "./KnowledgeUsed";
import styles from "./Settings.module.css";
import { useWords } from "./words";

export function AssistantRules({ assistant }: { assistant: Assistant }) {
  const say = useWords();
  const format = useFormat();
  const slider = useId();
  const [name, setName] = useState(assistant.name);
  const [settings, setSettings] = useState(assistant.settings);
  const save = useMutation({
    mutationFn: () =>
      take(
        api.PUT("/api/assistants/{id}", {
          params: { path: { id: assistant.id } },
          body: { name: name.trim(), version: assistant.version, settings },
        }),
      ),
    meta: { stale: ["assistants"] },
    onSuccess: () => void toast({ text: say("saved") }),
  });
  const set = (change: Partial<AssistantSettings>) => setSettings((settings) => ({ ...settings, ...change }));
  const isNew =
    name.trim() !== assistant.name || JSON.stringify(settings) !== JSON.stringify(assistant.settings);
  const isConflict = save.error instanceof ApiProblem && save.error.code === "conflict";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      <Field
        label={say("rules.name")}
        value={name}
        maxLength={100}
        onChange={(event) => setName(event.target.value)}
        required
      />
      <TextArea
        label={say("rules.greeting")}
        value={settings.greeting}
        maxLength={2000}
        rows={2}
        onChange={(event) => set({ greeting: event.target.value })}
      />
      <Refusal language="en" label={say("rules.refusalEn")} settings={settings} onChange={set} />
      <Refusal language="ru" label={say("rules.refusalRu")} settings={settings} onChange={set} />
      <div className={styles.slider}>
        <label htmlFor={slider}>{say("rules.threshold")}</label>
        <input
          id={slider}
          type="range"
          min={0}
          max={1}
          step={0.05}
          value={settings.threshold}
          aria-valuetext={format.percent(settings.threshold)}
          onChange={(event) => set({ threshold: Number(event.target.value) })}
        />
        <div className={styles.ends}>
          <span>{say("rules.bold")}</span>
          <span>{say("rules.careful")}</span>
        </div>
        <p className={`${styles.note} numbers`}>
          {say("rules.value", { threshold: format.percent(settings.threshold) })}
        </p>
      </div>
      <KnowledgeUsed knowledge={settings.knowledge} onChange={(knowledge) => set({ knowledge })} />
      <fieldset className={styles.choices}>
        <legend>{say("rules.engine")}</legend>
        {(["quotes", "local", "remote"] as const).map((engine) => (
          <label key={engine} className={styles.choice}>
            <input
              type="radio"
              name="engine"
              checked={settings.engine === engine}
              onChange={() => set({ engine })}
            />
            {say(`rules.${engine}`)}
          </label>
        ))}
      </fieldset>
      {settings.engine !== "quotes" && (
        <TextArea
          label={say("rules.instructions")}
          help={say("rules.instructionsHelp")}
          value={settings.instructions}
          maxLength={8000}
          onChange={(event) => set({ instructions: event.target.value })}
        />
      )}
      {isConflict && (
        <p className={styles.bad} role="alert">
          {say("rules.conflict")}
        </p>
      )}
      {save.isError && !isConflict && <ErrorNote error={save.error} />}
      <div className={styles.row}>
        <Button type="submit" look="primary" disabled={!isNew || name.trim() === ""} busy={save.isPending}>
          {say("save")}
        </Button>
      </div>
    </form>
  );
}

function Refusal({
  language,
  label,
  settings,
  onChange,
}: {
  language: string;
  label: string;
  settings: AssistantSettings;
  onChange: (change: Partial<AssistantSettings>) => void;
}) {
  const { refusals } = settings;
  const text = refusals.find((refusal) => refusal.language === language)?.text ?? "";
  const put = (text: string) => {
    const isThere = refusals.some((refusal) => refusal.language === language);
    const next = isThere
      ? refusals.map((refusal) => (refusal.language === language ? { language, text } : refusal))
      : [...refusals, { language, text }];
    onChange({ refusals: next.filter((refusal) => refusal.text !== "") });
  };
  return (
    <TextArea
      label={label}
      lang={language}
      value={text}
      maxLength={2000}
      rows={2}
      onChange={(event) => put(event.target.value)}
    />
  );
}
