/** Who writes the answer: what is chosen, and the whole ladder with how each rung fared last. */
import { useQuery } from "@tanstack/react-query";
import { CircleAlert, CircleCheck, CircleDashed } from "lucide-react";
import { Link } from "wouter";
import { ErrorNote, Section, Skeleton } from "../../design/Parts";
import { useFormat } from "../../i18n/format";
import { failure } from "../../shared/answer/trace";
import { useAnswerWords } from "../../shared/answer/words";
import { ladderQuery } from "./api";
import css from "./assistants.module.css";
import type { Assistant, Rung, Settings } from "./wire";
import { useWords } from "./words";

interface Props {
  assistant: Assistant;
  settings: Settings;
  onChange: (change: Partial<Settings>) => void;
}

export function Writer({ assistant, settings, onChange }: Props) {
  const say = useWords();
  const ladder = useQuery(ladderQuery(assistant.id));
  const isOther = settings.engine !== assistant.settings.engine;
  return (
    <>
      <Section title={say("writer.title")} about={say("writer.about")}>
        <fieldset className={css.choices}>
          <legend className="unseen">{say("writer.title")}</legend>
          {(["quotes", "local", "remote"] as const).map((engine) => (
            <label key={engine} className={css.choice}>
              <input
                type="radio"
                name="engine"
                checked={settings.engine === engine}
                onChange={() => onChange({ engine })}
              />
              <span>
                {say(`writer.${engine}`)}
                <small>{say(`writer.${engine}_help`)}</small>
              </span>
            </label>
          ))}
        </fieldset>
        <p className={css.note}>
          <Link href="/settings">{say("writer.settings")}</Link>
        </p>
      </Section>
      <Section title={say("ladder.title")} about={say("ladder.about")}>
        {ladder.isPending && <Skeleton lines={3} height={40} />}
        {ladder.isError && !ladder.data && (
          <ErrorNote error={ladder.error} onRetry={() => void ladder.refetch()} />
        )}
        {ladder.data && (
          <ol className={css.ladder} aria-label={say("ladder.title")}>
            {ladder.data.map((rung) => (
              <RungRow key={`${rung.kind} ${rung.model}`} rung={rung} />
            ))}
          </ol>
        )}
        {isOther && <p className={css.note}>{say("ladder.unsaved")}</p>}
      </Section>
    </>
  );
}

function RungRow({ rung }: { rung: Rung }) {
  const say = useWords();
  const about = useAnswerWords();
  const format = useFormat();
  const { kind, model, last_at, last_failed } = rung;
  const isMissing = (kind === "remote" || kind === "local") && model === "";
  const hasFailed = last_failed !== null;
  const Icon = isMissing ? CircleDashed : hasFailed ? CircleAlert : CircleCheck;
  const state = isMissing ? "missing" : hasFailed ? "failed" : "well";
  const fate = isMissing
    ? say(`rung.${kind}_missing`)
    : last_at === null
      ? say("rung.never")
      : last_failed !== null
        ? say("rung.failed", { ago: format.ago(last_at), why: failure(last_failed, about) })
        : kind === "person" || kind === "refusal"
          ? say("rung.asked", { ago: format.ago(last_at) })
          : say("rung.wrote", { ago: format.ago(last_at) });
  return (
    <li className={css.rung} data-state={state}>
      <Icon size={20} strokeWidth={1.5} aria-hidden="true" />
      <div>
        <b>{say(`rung.${kind}`)}</b>
        {model !== "" && <code>{model}</code>}
        <p>{fate}</p>
      </div>
    </li>
  );
}
