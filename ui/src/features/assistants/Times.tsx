/** From when until when: the intervals of a day. */
import { Plus, X } from "lucide-react";
import { Button, IconButton } from "../../design/Button";
import css from "./assistants.module.css";
import { faultOf, keptEnd, MOST_INTERVALS, nextInterval, shownEnd } from "./hours";
import type { Interval } from "./wire";
import { useWords } from "./words";

interface Props {
  /** Whose times they are, for screen readers. */
  day: string;
  intervals: readonly Interval[];
  onChange: (intervals: Interval[]) => void;
}

export function Times({ day, intervals, onChange }: Props) {
  const say = useWords();
  const fault = faultOf(intervals);
  const put = (index: number, change: Partial<Interval>) =>
    onChange(intervals.map((one, at) => (at === index ? { ...one, ...change } : one)));
  return (
    <div className={css.times}>
      {intervals.length === 0 && <span className={css.closed}>{say("day.closed")}</span>}
      {intervals.map((interval, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: intervals have no names; their place is what they are
        <span key={index} className={css.interval}>
          <input
            type="time"
            aria-label={say("day.from", { day, number: index + 1 })}
            aria-invalid={fault !== undefined || undefined}
            value={interval.from}
            onChange={(event) => put(index, { from: event.target.value })}
          />
          <span aria-hidden="true">–</span>
          <input
            type="time"
            aria-label={say("day.to", { day, number: index + 1 })}
            aria-invalid={fault !== undefined || undefined}
            value={shownEnd(interval.to)}
            onChange={(event) => put(index, { to: keptEnd(event.target.value) })}
          />
          <IconButton
            size="small"
            label={say("day.remove", { day, number: index + 1 })}
            icon={<X size={16} strokeWidth={1.5} />}
            onClick={() => onChange(intervals.filter((_, at) => at !== index))}
          />
        </span>
      ))}
      {intervals.length < MOST_INTERVALS && (
        <Button
          look="quiet"
          size="small"
          icon={<Plus size={16} strokeWidth={1.5} />}
          aria-label={say("day.addTo", { day })}
          onClick={() => onChange([...intervals, nextInterval(intervals)])}
        >
          {say("day.add")}
        </Button>
      )}
      {fault && (
        <p className={css.bad} role="alert">
          {say(`fault.${fault}`)}
        </p>
      )}
    </div>
  );
}
