/** What each assistant costs, day by day. */
import { useQuery } from "@tanstack/react-query";
import { assistantsQuery } from "../../api/queries";
import { Chart } from "../../design/Chart";
import { useFormat } from "../../i18n/format";
import { busiest, daysOfUtc } from "../../shared/usage/busiest";
import type { AssistantDay } from "./figures";
import { useWords } from "./words";

const tones = ["ai", "accent", "person", "quiet"] as const;

/** Whose, where nobody knows. */
const GONE = "gone";

export function CostChart({
  rows,
  currency,
  count,
}: {
  rows: readonly AssistantDay[];
  currency: string;
  count: number;
}) {
  const say = useWords();
  const format = useFormat();
  const assistants = useQuery(assistantsQuery).data ?? [];
  const days = daysOfUtc(Date.now(), count);
  const nameOf = (key: string) => assistants.find(({ id }) => id === key)?.name ?? say("cost.gone");
  const money = (micros: number) => format.money(micros, currency);
  const series = busiest(
    rows,
    days,
    ({ assistant_id }) => assistant_id ?? GONE,
    ({ cost_micros }) => cost_micros,
  );
  const sum = series.reduce((sum, { total }) => sum + total, 0);
  return (
    <Chart
      title={say("cost.title")}
      words={say("cost.words", { cost: money(sum) })}
      empty={say("cost.empty")}
      kind="columns"
      days={days}
      write={money}
      series={series.map(({ key, values, total }, at) => ({
        key,
        label: key === "" ? say("cost.others") : nameOf(key),
        tone: (key === "" ? undefined : tones[at]) ?? "quiet",
        values,
        total: money(total),
      }))}
    />
  );
}
