/** The picture of a chart: columns that stand on each other, or a line. Scales and shapes are d3's. */
import { scaleBand, scaleLinear } from "d3-scale";
import { line } from "d3-shape";
import { useLayoutEffect, useRef, useState } from "react";
import { useFormat } from "../i18n/format";
import type { Series } from "./Chart";
import css from "./Chart.module.css";
import { useDesignWords } from "./words";

interface Props {
  label: string;
  days: readonly string[];
  series: readonly Series[];
  kind: "columns" | "line";
  write: (value: number) => string;
}

const HEIGHT = 160;
const TOP = 8;

export default function ChartDrawing({ label, days, series, kind, write }: Props) {
  const say = useDesignWords();
  const format = useFormat();
  const [box, width] = useWidth();
  const [at, setAt] = useState<number | null>(null);
  const highest = Math.max(...days.map((_, day) => heightOf(series, kind, day)));
  const up = scaleLinear()
    .domain([0, highest || 1])
    .nice(3)
    .range([HEIGHT, TOP]);
  const ticks = up.ticks(3).filter((tick) => tick > 0);
  // Room for the longest number beside the columns.
  const left = 10 + 6.5 * Math.max(0, ...ticks.map((tick) => write(tick).length));
  const along = scaleBand<number>()
    .domain(days.map((_, day) => day))
    .range([left, width])
    .paddingInner(kind === "columns" ? 0.25 : 0)
    .paddingOuter(0.1);
  const middle = (day: number) => (along(day) ?? 0) + along.bandwidth() / 2;

  const tell = (day: number) =>
    series
      .map((one) => ({ ...one, value: one.values[day] ?? null }))
      .map(({ label, value }) => `${label} ${value === null ? "–" : write(value)}`)
      .join(" · ");
  const point = (x: number, edge: number) => {
    const day = Math.floor(((x - edge - left) / (width - left)) * days.length);
    setAt(Math.max(0, Math.min(days.length - 1, day)));
  };
  const shown = at ?? days.length - 1;

  return (
    <div>
      <div
        ref={box}
        className={css.plot}
        onPointerMove={(event) => point(event.clientX, event.currentTarget.getBoundingClientRect().left)}
        onPointerLeave={() => setAt(null)}
      >
        <svg width={width} height={HEIGHT + 1} aria-hidden="true" className={css.picture}>
          {ticks.map((tick) => (
            <g key={tick}>
              <line className={css.grid} x1={left} x2={width} y1={up(tick)} y2={up(tick)} />
              <text className={css.tick} x={0} y={up(tick) + 4}>
                {write(tick)}
              </text>
            </g>
          ))}
          <line className={css.ground} x1={left} x2={width} y1={HEIGHT} y2={HEIGHT} />
          {at !== null && (
            <rect
              className={css.chosen}
              x={(along(at) ?? 0) - along.step() * 0.1}
              width={along.bandwidth() + along.step() * 0.2}
              y={0}
              height={HEIGHT}
            />
          )}
          {kind === "columns"
            ? columns(series, days).map(({ key, day, tone, from, to }) => (
                <rect
                  key={key}
                  className={css[tone]}
                  x={along(day)}
                  width={along.bandwidth()}
                  y={up(to)}
                  height={Math.max(0, up(from) - up(to))}
                />
              ))
            : series.map(({ key, tone, values }) => (
                <g key={key}>
                  <path className={`${css.line} ${css[tone]}`} d={pathOf(values, middle, up) ?? undefined} />
                  {values.map((value, day) =>
                    value === null || (day !== at && isJoined(values, day)) ? null : (
                      // biome-ignore lint/suspicious/noArrayIndexKey: a day is its place
                      <circle key={day} className={css[tone]} cx={middle(day)} cy={up(value)} r={3.5} />
                    ),
                  )}
                </g>
              ))}
        </svg>
        <input
          type="range"
          className={css.reader}
          min={0}
          max={days.length - 1}
          value={shown}
          aria-label={say("chart.read", { title: label })}
          aria-valuetext={`${format.date(days[shown] ?? "")}: ${tell(shown)}`}
          onFocus={() => setAt(shown)}
          onBlur={() => setAt(null)}
          onChange={(event) => setAt(Number(event.target.value))}
        />
      </div>
      {at === null ? (
        <p className={css.axis} style={{ paddingInlineStart: left }} aria-hidden="true">
          <span>{format.date(days[0] ?? "")}</span>
          <span>{format.date(days.at(-1) ?? "")}</span>
        </p>
      ) : (
        <p className={css.readout} aria-hidden="true">
          <b>{format.date(days[at] ?? "")}</b> {tell(at)}
        </p>
      )}
    </div>
  );
}

function heightOf(series: readonly Series[], kind: Props["kind"], day: number): number {
  const values = series.map(({ values }) => values[day] ?? 0);
  return kind === "line" ? Math.max(...values) : values.reduce((sum, value) => sum + value, 0);
}

function columns(series: readonly Series[], days: readonly string[]) {
  return days.flatMap((date, day) => {
    let from = 0;
    return series.flatMap(({ key, tone, values }) => {
      const value = values[day] ?? 0;
      if (value === 0) return [];
      const column = { key: `${date} ${key}`, day, tone, from, to: from + value };
      from += value;
      return [column];
    });
  });
}

function pathOf(
  values: readonly (number | null)[],
  middle: (day: number) => number,
  up: (value: number) => number,
): string | null {
  return line<number | null>()
    .defined((value) => value !== null)
    .x((_, day) => middle(day))
    .y((value) => up(value ?? 0))([...values]);
}

/** True when a line leads to a day or away from it, so that it is seen without a dot. */
function isJoined(values: readonly (number | null)[], day: number): boolean {
  return (values[day - 1] ?? null) !== null || (values[day + 1] ?? null) !== null;
}

/** The width that there is, from the first picture on, and followed. */
function useWidth() {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(640);
  useLayoutEffect(() => {
    const { current } = box;
    if (!current) return;
    setWidth(Math.max(1, current.clientWidth || 640));
    const watch = new ResizeObserver(([entry]) => setWidth(Math.max(1, entry?.contentRect.width ?? 640)));
    watch.observe(current);
    return () => watch.disconnect();
  }, []);
  return [box, width] as const;
}
