/**
 * A chart of days: one idea, its number in words on top, the parts named with their sums beside them, a day read
 * out under the pointer or by the arrow keys, and the same figures as a table.
 */
import { lazy, type ReactNode, Suspense, useId, useState } from "react";
import { useFormat } from "../i18n/format";
import { Button } from "./Button";
import css from "./Chart.module.css";
import { useDesignWords } from "./words";

/** What draws is loaded when the first chart is shown. */
const Drawn = lazy(() => import("./ChartDrawing"));

export interface Series {
  key: string;
  label: string;
  tone: "ai" | "person" | "quiet" | "accent";
  /** One for each day; null where there is nothing to tell. */
  values: readonly (number | null)[];
  /** What stands beside the label: the sum, for most. */
  total: string;
}

export interface ChartProps {
  title: string;
  /** The number in words. */
  words: ReactNode;
  /** Days, as `2026-11-22`, oldest first. */
  days: readonly string[];
  series: readonly Series[];
  kind: "columns" | "line";
  /** How a value is written; as a whole number unless told otherwise. */
  write?: (value: number) => string;
  /** Said instead of the picture when there is nothing in it. */
  empty: string;
  heading?: "h2" | "h3";
}

export function Chart({ heading: Heading = "h2", ...chart }: ChartProps) {
  const say = useDesignWords();
  const format = useFormat();
  const id = useId();
  const [isTable, setTable] = useState(false);
  const write = chart.write ?? format.number;
  const isEmpty = chart.series.every(({ values }) => values.every((value) => !value));
  return (
    <section className={css.chart} aria-labelledby={id}>
      <div className={css.head}>
        <div>
          <Heading id={id}>{chart.title}</Heading>
          <p className={css.words}>{isEmpty ? chart.empty : chart.words}</p>
        </div>
        {!isEmpty && (
          <Button size="small" look="quiet" aria-pressed={isTable} onClick={() => setTable(!isTable)}>
            {say("chart.table")}
          </Button>
        )}
      </div>
      {!isEmpty && (
        <>
          <ul className={css.parts}>
            {chart.series.map(({ key, label, tone, total }) => (
              <li key={key}>
                <span className={`${css.swatch} ${css[tone]}`} aria-hidden="true" />
                {label} <b>{total}</b>
              </li>
            ))}
          </ul>
          {isTable ? (
            <Table chart={chart} write={write} />
          ) : (
            <Suspense fallback={<Coming />}>
              <Drawn
                label={chart.title}
                days={chart.days}
                series={chart.series}
                kind={chart.kind}
                write={write}
              />
            </Suspense>
          )}
        </>
      )}
    </section>
  );
}

/** As tall as what comes. */
function Coming() {
  return (
    <div aria-hidden="true">
      <div className={css.plot} />
      <p className={css.axis} />
    </div>
  );
}

function Table({ chart, write }: { chart: ChartProps; write: (value: number) => string }) {
  const say = useDesignWords();
  const format = useFormat();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <section className={css.scroll} aria-label={say("chart.figures", { title: chart.title })} tabIndex={0}>
      <table className={css.table}>
        <thead>
          <tr>
            <th scope="col">{say("chart.day")}</th>
            {chart.series.map(({ key, label }) => (
              <th key={key} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {chart.days
            .map((day, at) => (
              <tr key={day}>
                <th scope="row">{format.date(day)}</th>
                {chart.series.map(({ key, values }) => {
                  const value = values[at] ?? null;
                  return <td key={key}>{value === null ? "–" : write(value)}</td>;
                })}
              </tr>
            ))
            .reverse()}
        </tbody>
      </table>
    </section>
  );
}
