/** One assistant as it is being changed: the part that is shown, and below it Save as long as something is not saved. */
import { useMutation } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { ApiProblem } from "../../api/problem";
import { Button } from "../../design/Button";
import { ErrorNote, LookingNote, Section } from "../../design/Parts";
import { toast } from "../../design/Toast";
import { saveAssistant } from "./api";
import css from "./assistants.module.css";
import { type Draft, draftOf, dropDraft, keepDraft, useDraft } from "./drafts";
import { HoursPart } from "./HoursPart";
import { areRight } from "./hours";
import { Identity } from "./Identity";
import { Instructions } from "./Instructions";
import { KnowledgeUsed } from "./KnowledgeUsed";
import { isWithin } from "./lengths";
import type { Part } from "./parts";
import { Rules } from "./Rules";
import { Versions } from "./Versions";
import { Writer } from "./Writer";
import type { Assistant, Settings } from "./wire";
import { useWords } from "./words";

interface Props {
  assistant: Assistant;
  part: Part;
  mayChange: boolean;
}

export function Editor({ assistant, part, mayChange }: Props) {
  const say = useWords();
  const kept = useDraft(assistant.id);
  const draft: Draft = kept ?? assistant;
  const { settings } = draft;
  const save = useMutation({
    mutationFn: (draft: Draft) => saveAssistant(assistant.id, draft),
    meta: { stale: ["assistants", "home"] },
    onSuccess: () => {
      dropDraft(assistant.id);
      toast({ text: say("saved") });
    },
  });
  const change = (to: (now: Draft) => Partial<Draft>) => {
    save.reset();
    const now = draftOf(assistant.id) ?? assistant;
    const { name, version, settings } = now;
    keepDraft(assistant, { name, version, settings, ...to(now) });
  };
  const set = (to: Partial<Settings>) => change(({ settings }) => ({ settings: { ...settings, ...to } }));
  const discard = () => {
    save.reset();
    dropDraft(assistant.id);
  };
  const isConflict = save.error instanceof ApiProblem && save.error.code === "conflict";
  const areHoursRight = settings.hours === null || areRight(settings.hours);
  const isNamed = draft.name.trim() !== "" && settings.refusals.length > 0;
  const lack = !isWithin(settings)
    ? "tooLong"
    : !areHoursRight
      ? "hours.wrong"
      : isNamed
        ? undefined
        : "missing";
  const isWhole = lack === undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (kept && isWhole) save.mutate(kept);
  };
  const shared = { settings, onChange: set };
  if (part === "versions") {
    return <Versions assistant={assistant} mayChange={mayChange} hasDraft={kept !== undefined} />;
  }
  return (
    <form className={css.form} onSubmit={submit}>
      {!mayChange && <LookingNote />}
      <fieldset className={css.bare} disabled={!mayChange}>
        {part === "identity" && (
          <Identity name={draft.name} onName={(name) => change(() => ({ name }))} {...shared} />
        )}
        {part === "instructions" && <Instructions {...shared} />}
        {part === "rules" && <Rules assistant={assistant} {...shared} />}
        {part === "hours" && <HoursPart assistantId={assistant.id} {...shared} />}
        {part === "knowledge" && (
          <Section title={say("used.title")} about={say("used.about")}>
            <KnowledgeUsed knowledge={settings.knowledge} onChange={(knowledge) => set({ knowledge })} />
          </Section>
        )}
        {part === "writer" && <Writer assistant={assistant} {...shared} />}
      </fieldset>
      {kept && (
        <div className={css.bar}>
          <div className={css.barWords}>
            {isConflict ? (
              <p className={css.bad} role="alert">
                {say("conflict")}
              </p>
            ) : (
              <p>{say(lack ?? "unsaved")}</p>
            )}
            {save.isError && !isConflict && <ErrorNote error={save.error} />}
          </div>
          <Button look="quiet" onClick={discard}>
            {say("discard")}
          </Button>
          <Button type="submit" look="primary" disabled={!isWhole} busy={save.isPending}>
            {say("save")}
          </Button>
        </div>
      )}
    </form>
  );
}
