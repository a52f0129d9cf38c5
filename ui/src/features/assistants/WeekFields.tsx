/** The hours of every week, day by day. */
import { Copy } from "lucide-react";
import { Button } from "../../design/Button";
import css from "./assistants.module.css";
import { copied, days } from "./hours";
import { Times } from "./Times";
import type { Week } from "./wire";
import { useWords } from "./words";

export function WeekFields({ week, onChange }: { week: Week; onChange: (week: Week) => void }) {
  const say = useWords();
  return (
    <div className={css.week}>
      <ul className={css.days}>
        {days.map((day) => (
          <li key={day} className={css.day}>
            <span className={css.dayName}>{say(`day.${day}`)}</span>
            <Times
              day={say(`day.${day}`)}
              intervals={week[day]}
              onChange={(intervals) => onChange({ ...week, [day]: intervals })}
            />
          </li>
        ))}
      </ul>
      <Button
        size="small"
        icon={<Copy size={16} strokeWidth={1.5} />}
        onClick={() => onChange(copied(week, "monday", ["tuesday", "wednesday", "thursday", "friday"]))}
      >
        {say("day.copy")}
      </Button>
      <p className={css.note}>{say("day.night")}</p>
    </div>
  );
}
