/** The first steps, one after the other: each can be skipped, left, and gone on with. Made of the features' own parts. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { Link, Redirect, useLocation } from "wouter";
import { api, take } from "../../api/client";
import { useMay } from "../../api/may";
import { firstRunQuery } from "../../api/queries";
import type { FirstRun, FirstStep } from "../../api/types";
import { ErrorNote, Skeleton } from "../../design/Parts";
import { BusinessStep } from "./BusinessStep";
import { DoneStep } from "./DoneStep";
import { EngineStep } from "./EngineStep";
import { FilesStep } from "./FilesStep";
import { LanguageStep } from "./LanguageStep";
import { QuestionsStep } from "./QuestionsStep";
import css from "./start.module.css";
import { after, before, isStep, steps } from "./steps";
import { TelegramStep } from "./TelegramStep";
import { useStartWords } from "./words";

/** How a step leads on. */
export interface StepProps {
  /** To the next step. */
  onNext: () => void;
  /** To the one before; nothing on the first one. */
  onBack: (() => void) | undefined;
}

const pages: Record<FirstStep, (props: StepProps) => React.ReactNode> = {
  language: LanguageStep,
  business: BusinessStep,
  files: FilesStep,
  questions: QuestionsStep,
  engine: EngineStep,
  telegram: TelegramStep,
  done: DoneStep,
};

export default function StartPage({ params }: { params: { step?: string } }) {
  const say = useStartWords();
  const [, go] = useLocation();
  const may = useMay();
  const kept = useQuery(firstRunQuery);
  const heading = useRef<HTMLHeadingElement>(null);
  const { mutate: keep } = useMutation({
    mutationFn: (body: FirstRun) => take(api.PUT("/api/first-run", { body })),
    meta: { stale: ["settings"] },
  });
  const step = isStep(params.step) ? params.step : undefined;
  // Whoever hears the page is told where they are; Tab goes on from there.
  useEffect(() => {
    if (step) heading.current?.focus();
  }, [step]);

  // They change what customers see.
  if (!may.change) return <Redirect to="/" replace />;
  if (kept.isError && !kept.data) {
    return (
      <div className={css.page}>
        <ErrorNote error={kept.error} onRetry={() => void kept.refetch()} />
      </div>
    );
  }
  if (!kept.data) {
    return (
      <div className={css.page}>
        <Skeleton lines={5} height={32} />
      </div>
    );
  }
  if (!step) return <Redirect to={`/start/${kept.data.is_over ? "language" : kept.data.step}`} replace />;

  const move = (to: FirstStep) => {
    // Once they are over they stay over, also when one of them is looked at again.
    keep({ step: to, is_over: kept.data.is_over || to === "done" });
    go(`/start/${to}`);
  };
  const at = steps.indexOf(step);
  const earlier = before(step);
  const Step = pages[step];
  return (
    <div className={css.page}>
      <nav aria-label={say("steps")} className={css.steps}>
        <p className={css.count}>{say("count", { number: at + 1, of: steps.length })}</p>
        <ol>
          {steps.map((one, index) => (
            <li key={one} data-past={index < at || undefined}>
              <Link href={`/start/${one}`} aria-current={one === step ? "step" : undefined}>
                <span className={css.stepName}>{say(`step.${one}`)}</span>
              </Link>
            </li>
          ))}
        </ol>
      </nav>
      <section className={css.card} aria-labelledby="step-title">
        <h1 id="step-title" ref={heading} tabIndex={-1}>
          {say(`title.${step}`)}
        </h1>
        <p className={css.about}>{say(`about.${step}`)}</p>
        <Step
          key={step}
          onNext={() => move(after(step))}
          onBack={earlier === undefined ? undefined : () => move(earlier)}
        />
      </section>
      {step !== "done" && (
        <p className={css.later}>
          <Link href="/">{say("later")}</Link> <span>{say("laterAbout")}</span>
        </p>
      )}
    </div>
  );
}
