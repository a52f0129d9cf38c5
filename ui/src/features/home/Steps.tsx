/** The first steps: those done are ticked, each other one has its button. */
import { Circle, CircleCheck } from "lucide-react";
import { useLocation } from "wouter";
import { Button } from "../../design/Button";
import css from "./home.module.css";
import type { stepsOf } from "./needs";
import { useWords } from "./words";

interface Props {
  steps: ReturnType<typeof stepsOf>;
  /** The guided way through them was not gone to its end. */
  isBegun: boolean;
}

export function Steps({ steps, isBegun }: Props) {
  const say = useWords();
  const [, go] = useLocation();
  if (steps.length === 0) return null;
  return (
    <section className={css.part} aria-labelledby="steps">
      <div className={css.head}>
        <div>
          <h2 id="steps">{say("steps.title")}</h2>
          <p className={css.about}>{say("steps.about")}</p>
        </div>
        {isBegun && (
          <Button look="primary" onClick={() => go("/start")}>
            {say("steps.go")}
          </Button>
        )}
      </div>
      <ul className={css.rows}>
        {steps.map(({ step, isDone, href }) => (
          <li key={step} className={css.row} data-done={isDone || undefined}>
            {isDone ? (
              <CircleCheck size={20} strokeWidth={1.5} aria-hidden="true" />
            ) : (
              <Circle size={20} strokeWidth={1.5} aria-hidden="true" />
            )}
            <p className={css.words}>
              {say(`step.${step}`)}
              {isDone && <span className="unseen">{say("steps.done")}</span>}
            </p>
            {!isDone && (
              <Button size="small" onClick={() => go(href)}>
                {say(`step.${step}_do`)}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
