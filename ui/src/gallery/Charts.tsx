/** Charts: columns, a line, nothing yet. The figures are made up, and the same every time. */
import { Chart } from "../design/Chart";
import { Group } from "./Group";
import css from "./gallery.module.css";
import { useWords } from "./words";

const days = Array.from({ length: 14 }, (_, day) => `2026-11-${String(day + 9).padStart(2, "0")}`);
const answered = [12, 18, 9, 22, 30, 4, 0, 16, 21, 19, 27, 33, 8, 14];
const handed = [2, 1, 3, 0, 4, 1, 0, 2, 5, 1, 0, 3, 1, 2];
const refused = [1, 4, 2, 2, 0, 0, 0, 3, 1, 2, 4, 2, 1, 0];
const waits = [4, 6, 5, 9, 7, 3, null, 12, 8, 6, 5, 4, null, 6];

export function Charts() {
  const say = useWords();
  const sum = (values: readonly number[]) => String(values.reduce((sum, value) => sum + value, 0));
  const columns = [
    { key: "a", label: say("tone.ai"), tone: "ai", values: answered, total: sum(answered) },
    { key: "b", label: say("tone.person"), tone: "person", values: handed, total: sum(handed) },
    { key: "c", label: say("tone.plain"), tone: "quiet", values: refused, total: sum(refused) },
  ] as const;
  const line = [{ key: "w", label: say("tone.accent"), tone: "accent", values: waits, total: "6" }] as const;
  const common = { days, words: say("sample"), empty: say("field.help"), heading: "h3" } as const;
  return (
    <Group id="charts" title={say("charts")}>
      <div className={css.wide}>
        <Chart {...common} title={say("chart.columns")} kind="columns" series={columns} />
        <Chart {...common} title={say("chart.line")} kind="line" series={line} />
        <Chart {...common} title={say("state.empty")} kind="line" series={[]} />
      </div>
    </Group>
  );
}
