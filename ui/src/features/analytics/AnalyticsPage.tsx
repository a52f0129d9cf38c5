/** Analytics: what was asked and what became of it, how long people waited, and who wrote. Pictures first. */
import { useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";
import { useMay } from "../../api/may";
import { activityQuery, assistantsQuery } from "../../api/queries";
import { Button } from "../../design/Button";
import { Chart } from "../../design/Chart";
import { Chip, ErrorNote, PageHead, Skeleton } from "../../design/Parts";
import { saveText } from "../../host/host";
import { useFormat } from "../../i18n/format";
import css from "./analytics.module.css";
import { CostChart } from "./CostChart";
import { type Activity, answeredShare, type Count, costsOf, csv, type Day, middleWait, sum } from "./figures";
import { useWords } from "./words";

const ranges = [7, 30, 90] as const;

export default function AnalyticsPage() {
  const say = useWords();
  const format = useFormat();
  const [range, setRange] = useState<(typeof ranges)[number]>(30);
  const may = useMay();
  const activity = useQuery(activityQuery(range));
  const { data } = activity;
  const assistants = useQuery(assistantsQuery).data ?? [];
  const save = ({ days, ...activity }: Activity) => {
    const counts = ["answered", "handed_over", "refused", "conversations", "by_people"] as const;
    const head = [say("csv.day"), say("csv.asked"), ...counts.map((count) => say(count)), say("csv.wait")];
    const { currency } = activity;
    const costs = currency === null ? [] : costsOf(activity.assistants);
    const nameOf = (id: string | null) => assistants.find((one) => one.id === id)?.name ?? say("cost.gone");
    head.push(...costs.map(({ id }) => say("csv.cost", { name: nameOf(id), currency: currency ?? "" })));
    const rows = days.map((day) => [
      day.date,
      day.asked,
      ...counts.map((count) => day[count]),
      day.median_wait_ms === null ? "" : day.median_wait_ms / 1000,
      ...costs.map(({ micros }) => (micros.get(day.date) ?? 0) / 1_000_000),
    ]);
    // The mark tells table programs that it is UTF-8.
    saveText(`chatai-${days.at(-1)?.date}.csv`, `\uFEFF${csv([head, ...rows])}`, "text/csv");
  };
  return (
    <div className={css.page}>
      <PageHead
        title={say("title")}
        about={say("about")}
        actions={
          data && (
            <Button icon={<Download size={16} strokeWidth={1.5} />} onClick={() => save(data)}>
              {say("save")}
            </Button>
          )
        }
      />
      {/* biome-ignore lint/a11y/useSemanticElements: buttons that change what is shown are no fields */}
      <div className={css.chips} role="group" aria-label={say("range")}>
        {ranges.map((days) => (
          <Chip key={days} pressed={range === days} onClick={() => setRange(days)}>
            {say(`range.${days}`)}
          </Chip>
        ))}
      </div>
      {activity.isError && !data && (
        <ErrorNote error={activity.error} onRetry={() => void activity.refetch()} />
      )}
      {activity.isPending && <Skeleton lines={3} height={160} />}
      {data && (
        <>
          <Charts days={data.days} />
          {may.change && <Money activity={data} count={range} />}
          <p className={css.note}>
            {say("zone", { zone: data.zone })}
            {data.whole_since !== null && ` ${say("cut", { day: format.day(data.whole_since) })}`}
          </p>
        </>
      )}
    </div>
  );
}

/** What assistants cost; where prices are entered when none is. */
function Money({ activity, count }: { activity: Activity; count: number }) {
  const say = useWords();
  if (activity.currency !== null)
    return <CostChart rows={activity.assistants} currency={activity.currency} count={count} />;
  // Where nothing on a server was used there is nothing to enter.
  if (!activity.engines.some(({ engine }) => engine.startsWith("remote:"))) return null;
  return (
    <p className={css.note}>
      {say("cost.unpriced")} <Link href="/settings/usage">{say("cost.go")}</Link>
    </p>
  );
}

function Charts({ days }: { days: readonly Day[] }) {
  const say = useWords();
  const format = useFormat();
  const dates = days.map(({ date }) => date);
  const wait = middleWait(days);
  const counted = (key: Count, tone: "ai" | "person" | "quiet" | "accent") => ({
    key,
    label: key === "asked" ? say("csv.asked") : say(key),
    tone,
    values: days.map((day) => day[key]),
    total: format.number(sum(days, key)),
  });
  const percent = format.percent(answeredShare(days) ?? 0);
  return (
    <>
      <Chart
        title={say("questions.title")}
        words={say("questions.words", { count: sum(days, "asked"), percent })}
        empty={say("questions.empty")}
        kind="columns"
        days={dates}
        series={[counted("answered", "ai"), counted("handed_over", "person"), counted("refused", "quiet")]}
      />
      <Chart
        title={say("wait.title")}
        words={say("wait.words", { wait: format.wait(wait ?? 0) })}
        empty={say("wait.empty")}
        kind="line"
        days={dates}
        write={format.wait}
        series={[
          {
            key: "wait",
            label: say("wait"),
            tone: "accent",
            values: days.map(({ median_wait_ms }) => median_wait_ms),
            total: format.wait(wait ?? 0),
          },
        ]}
      />
      <Chart
        title={say("talks.title")}
        words={say("talks.words", { count: sum(days, "conversations"), replies: sum(days, "by_people") })}
        empty={say("talks.empty")}
        kind="line"
        days={dates}
        series={[counted("conversations", "accent"), counted("by_people", "person")]}
      />
    </>
  );
}
