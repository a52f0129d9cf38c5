/** Why a bot is silent: every check on one screen, each with its sentence and what to do. */
import { useQuery } from "@tanstack/react-query";
import { CircleAlert, CircleCheck } from "lucide-react";
import { Button } from "../../design/Button";
import { ErrorNote, Skeleton } from "../../design/Parts";
import { useLanguage } from "../../i18n/language";
import { doctorQuery } from "./api";
import css from "./channels.module.css";
import { useWords } from "./words";

export function Doctor({ id }: { id: string }) {
  const say = useWords();
  const checks = useQuery(doctorQuery(id, useLanguage()));
  const wrong = checks.data?.items.filter(({ ok }) => !ok).length ?? 0;
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
              const Icon = check.ok ? CircleCheck : CircleAlert;
              return (
                <li key={check.what} data-ok={check.ok}>
                  <Icon size={16} strokeWidth={1.75} aria-hidden="true" />
                  <p>
                    <span className="unseen">{say(check.ok ? "doctor.ok" : "doctor.not_ok")}: </span>
                    {check.told}
                  </p>
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
