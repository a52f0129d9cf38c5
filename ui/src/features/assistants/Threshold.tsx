/** How sure it must be, and which questions that were really asked would fare otherwise. */
import { useQuery } from "@tanstack/react-query";
import { useId } from "react";
import { Badge, ErrorNote, Skeleton } from "../../design/Parts";
import { useFormat } from "../../i18n/format";
import { pastQuery } from "./api";
import css from "./assistants.module.css";
import { effectOf } from "./past";
import type { Assistant, PastQuestion } from "./wire";
import { useWords } from "./words";

/** Questions of each kind that are shown; the others are counted. */
const SHOWN = 8;

interface Props {
  assistant: Assistant;
  threshold: number;
  onChange: (threshold: number) => void;
}

export function Threshold({ assistant, threshold, onChange }: Props) {
  const say = useWords();
  const format = useFormat();
  const id = useId();
  return (
    <>
      <div className={css.slider}>
        <label htmlFor={id}>{say("threshold.label")}</label>
        <input
          id={id}
          type="range"
          min={0}
          max={1}
          step={0.05}
          value={threshold}
          aria-valuetext={format.percent(threshold)}
          aria-describedby={`${id}-value`}
          onChange={(event) => onChange(Number(event.target.value))}
        />
        <div className={css.ends}>
          <span>{say("threshold.bold")}</span>
          <span>{say("threshold.careful")}</span>
        </div>
        <p id={`${id}-value`} className={`${css.note} numbers`}>
          {say("threshold.value", { threshold: format.percent(threshold) })}
        </p>
      </div>
      <Past assistant={assistant} threshold={threshold} />
    </>
  );
}

function Past({ assistant, threshold }: { assistant: Assistant; threshold: number }) {
  const say = useWords();
  const past = useQuery(pastQuery(assistant.id));
  if (past.isPending) return <Skeleton lines={2} height={20} />;
  if (past.isError && !past.data) return <ErrorNote error={past.error} onRetry={() => void past.refetch()} />;
  const { refused, answered, of } = effectOf(past.data, assistant.settings.threshold, threshold);
  const changed = refused.length + answered.length;
  const words =
    of === 0
      ? say("past.none")
      : threshold === assistant.settings.threshold
        ? say("past.move", { count: of })
        : changed === 0
          ? say("past.same", { count: of })
          : say("past.changed", { count: changed, of });
  return (
    <div className={css.past}>
      <p role="status" className="numbers">
        {words}
      </p>
      <Changed questions={refused} kind="refused" />
      <Changed questions={answered} kind="answered" />
      {changed > 0 && <p className={css.note}>{say("past.help")}</p>}
    </div>
  );
}

function Changed({ questions, kind }: { questions: readonly PastQuestion[]; kind: "refused" | "answered" }) {
  const say = useWords();
  const format = useFormat();
  const title = useId();
  if (questions.length === 0) return null;
  const more = questions.length - SHOWN;
  return (
    <section aria-labelledby={title}>
      <h3 id={title} className={css.subtitle}>
        <Badge tone={kind === "refused" ? "warn" : "good"}>
          {say(`past.${kind}`, { count: questions.length })}
        </Badge>
      </h3>
      <ul className={css.questions}>
        {questions.slice(0, SHOWN).map((question) => (
          <li key={question.message_id}>
            <span dir="auto">{question.question}</span>
            <small className="numbers">
              {say("past.sure", { confidence: format.percent(question.confidence) })}
              {question.channel === "playground" ? ` · ${say("past.playground")}` : ""}
            </small>
          </li>
        ))}
      </ul>
      {more > 0 && <p className={css.note}>{say("past.more", { count: more })}</p>}
    </section>
  );
}
