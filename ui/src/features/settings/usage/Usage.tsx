/** What engines wrote and used up. For admins and owners. */
import { useQuery } from "@tanstack/react-query";
import { activityQuery } from "../../../api/queries";
import { Chart } from "../../../design/Chart";
import { ErrorNote, Skeleton } from "../../../design/Parts";
import { useFormat } from "../../../i18n/format";
import { useEngineName } from "../../../shared/answer/engineName";
import styles from "../Settings.module.css";
import { byEngine, daysOfUtc, type EngineDay } from "./byEngine";
import { useWords } from "./words";

const DAYS = 30;
const tones = ["ai", "accent", "person", "quiet"] as const;

export function Usage() {
  const say = useWords();
  const activity = useQuery(activityQuery(DAYS));
  return (
    <div className={styles.form}>
      <p className={styles.note}>{say("about")}</p>
      {activity.isError && !activity.data && (
        <ErrorNote error={activity.error} onRetry={() => void activity.refetch()} />
      )}
      {activity.isPending && <Skeleton lines={2} height={160} />}
      {activity.data && <Charts rows={activity.data.engines} />}
    </div>
  );
}

function Charts({ rows }: { rows: readonly EngineDay[] }) {
  const say = useWords();
  const format = useFormat();
  const name = useEngineName();
  const days = daysOfUtc(Date.now(), DAYS);
  // An engine has one colour in both pictures.
  const known = byEngine(rows, days, (row) => row.answers).map(({ engine }) => engine);
  const series = (amount: (row: EngineDay) => number) =>
    byEngine(rows, days, amount).map(({ engine, values, total }) => ({
      key: engine,
      label: engine === "" ? say("others") : name(engine),
      tone: (engine === "" ? undefined : tones[known.indexOf(engine)]) ?? "quiet",
      values,
      total: format.number(total),
    }));
  const shown = rows.filter(({ date }) => days.includes(date));
  const sum = (amount: (row: EngineDay) => number) => shown.reduce((sum, row) => sum + amount(row), 0);
  const answers = series((row) => row.answers);
  const tokens = series((row) => row.prompt_tokens + row.answer_tokens);
  return (
    <>
      <Chart
        title={say("answers.title")}
        words={say("answers.words", {
          count: sum((row) => row.answers),
          engine: answers[0]?.label ?? "",
        })}
        empty={say("answers.empty")}
        kind="columns"
        days={days}
        series={answers}
      />
      <Chart
        title={say("tokens.title")}
        words={say("tokens.words", {
          read: sum((row) => row.prompt_tokens),
          written: sum((row) => row.answer_tokens),
        })}
        empty={say("tokens.empty")}
        kind="columns"
        days={days}
        series={tokens}
      />
      <p className={styles.note}>{say("utc")}</p>
    </>
  );
}
