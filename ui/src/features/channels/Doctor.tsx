/** Why a bot is silent: every check on one screen, each with its sentence and what to do. */
import { useQuery } from "@tanstack/react-query";
import { CircleAlert, CircleCheck, CircleDashed } from "lucide-react";
import { Button } from "../../design/Button";
import { ErrorNote, Skeleton } from "../../design/Parts";
import { useLanguage } from "../../i18n/language";
import { doctorQuery } from "./api";
import css from "./channels.module.css";
import { useWords } from "./words";

const icons = {
  good: CircleCheck,
  warning: CircleAlert,
  bad: CircleAlert,
  skipped: CircleDashed,
} as const;

function isWrong({ state }: { state: keyof typeof icons }): boolean {
  return state === "bad" || state === "warning";
}

export function Doctor({ id }: { id: string }) {
  const say = useWords();
  const checks = useQuery(doctorQuery(id, useLanguage()));
  const wrong = checks.data?.items.filter(isWrong).length ?? 0;
  return (
    <>
      {checks.isError && <ErrorNote error={checks.error} onRetry={() => void checks.refetch()} />}
      {checks.isPending && <Skeleton lines={4} height={20} />}
      {checks.data && (
        <>
          <p className={css.verdict} data-ok={checks.data.ok} role="status">
            {wrong === 0 ? say("doctor.well") : say("doctor.wrong", { count: wrong })}
          </p>
          <ul className={css.checks}>
            {checks.data.items.map((check) => {
              const Icon = icons[check.state];
              return (
                <li key={check.what} data-state={check.state}>
                  <Icon size={16} strokeWidth={1.75} aria-hidden="true" />
                  <div>
                    <b>
                      <span className="unseen">{say(`doctor.${check.state}`)}: </span>
                      {check.told}
                    </b>
                    {check.fix !== "" && <p>{check.fix}</p>}
                  </div>
                </li>
              );
            })}
          </ul>
        </>
      )}
      <div>
        <Button size="small" busy={checks.isFetching} onClick={() => void checks.refetch()}>
          {say("doctor.again")}
        </Button>
      </div>
    </>
  );
}
