/** The last two weeks in one picture; more of it under Analytics. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { activityQuery } from "../../api/queries";
import { Chart } from "../../design/Chart";
import { useFormat } from "../../i18n/format";
import css from "./home.module.css";
import { useWords } from "./words";

const parts = [
  { key: "answered", tone: "ai" },
  { key: "handed_over", tone: "person" },
  { key: "refused", tone: "quiet" },
] as const;

export function Days() {
  const say = useWords();
  const format = useFormat();
  const days = useQuery(activityQuery(14)).data?.days;
  if (days === undefined || days.every(({ asked }) => asked === 0)) return null;
  const sum = (key: "asked" | (typeof parts)[number]["key"]) => days.reduce((sum, day) => sum + day[key], 0);
  return (
    <div className={css.part}>
      <Chart
        title={say("days.title")}
        words={say("days.words", { count: sum("asked") })}
        empty={say("today.quiet")}
        kind="columns"
        days={days.map(({ date }) => date)}
        series={parts.map(({ key, tone }) => ({
          key,
          tone,
          label: say(`figure.${key}`),
          values: days.map((day) => day[key]),
          total: format.number(sum(key)),
        }))}
      />
      <p className={css.last}>
        <Link href="/analytics">{say("days.more")}</Link>
      </p>
    </div>
  );
}
