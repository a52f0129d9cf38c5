/** What engines wrote and used up, what that cost, and the prices. For admins and owners. */
import { useQuery } from "@tanstack/react-query";
import { activityQuery } from "../../../api/queries";
import type { components } from "../../../api/schema";
import { Chart } from "../../../design/Chart";
import { ErrorNote, Skeleton } from "../../../design/Parts";
import { useFormat } from "../../../i18n/format";
import { useEngineName } from "../../../shared/answer/engineName";
import { busiest, daysOfUtc } from "../../../shared/usage/busiest";
import styles from "../Settings.module.css";
import { Prices } from "./Prices";
import { useWords } from "./words";

type Activity = components["schemas"]["Activity"];
type EngineDay = components["schemas"]["EngineDay"];

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
      {activity.data && (
        <>
          <Charts activity={activity.data} />
          <Prices rows={activity.data.engines} />
        </>
      )}
    </div>
  );
}

function Charts({ activity: { engines: rows, currency } }: { activity: Activity }) {
  const say = useWords();
  const format = useFormat();
  const name = useEngineName();
  const days = daysOfUtc(Date.now(), DAYS);
  const byEngine = (amount: (row: EngineDay) => number) =>
    busiest(rows, days, ({ engine }) => engine, amount);
  // An engine has one colour in all pictures.
  const known = byEngine((row) => row.answers).map(({ key }) => key);
  const series = (amount: (row: EngineDay) => number, write: (value: number) => string) =>
    byEngine(amount).map(({ key, values, total }) => ({
      key,
      label: key === "" ? say("others") : name(key),
      tone: (key === "" ? undefined : tones[known.indexOf(key)]) ?? "quiet",
      values,
      total: write(total),
    }));
  const shown = rows.filter(({ date }) => days.includes(date));
  const sum = (amount: (row: EngineDay) => number) => shown.reduce((sum, row) => sum + amount(row), 0);
  const answers = series((row) => row.answers, format.number);
  const tokens = series((row) => row.prompt_tokens + row.answer_tokens, format.number);
  const cost = (row: EngineDay) => row.cost_micros ?? 0;
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
      {currency !== null && (
        <Chart
          title={say("cost.title")}
          words={say("cost.words", { cost: format.money(sum(cost), currency) })}
          empty={say("cost.empty")}
          kind="columns"
          days={days}
          write={(value) => format.money(value, currency)}
          series={series(cost, (value) => format.money(value, currency))}
        />
      )}
      <p className={styles.note}>{say("utc")}</p>
    </>
  );
}
