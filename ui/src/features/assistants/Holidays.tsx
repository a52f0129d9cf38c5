/** Days whose hours are not those of the week. */
import { Plus, Trash2 } from "lucide-react";
import { Button, IconButton } from "../../design/Button";
import { Field } from "../../design/Field";
import css from "./assistants.module.css";
import { holidayFault, MOST_HOLIDAYS } from "./hours";
import { Times } from "./Times";
import type { Holiday } from "./wire";
import { useWords } from "./words";

interface Props {
  holidays: readonly Holiday[];
  onChange: (holidays: Holiday[]) => void;
}

export function Holidays({ holidays, onChange }: Props) {
  const say = useWords();
  const put = (index: number, change: Partial<Holiday>) =>
    onChange(holidays.map((one, at) => (at === index ? { ...one, ...change } : one)));
  const add = () => {
    const first = new Date().toLocaleDateString("sv");
    onChange([...holidays, { first, last: null, name: "", every_year: false, intervals: [] }]);
  };
  return (
    <>
      {holidays.length === 0 && <p className={css.note}>{say("holidays.none")}</p>}
      <ul className={css.holidays}>
        {holidays.map((holiday, index) => {
          const fault = holidayFault(holiday);
          const name = holiday.name || holiday.first || String(index + 1);
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: holidays have no ids; their place is what they are
            <li key={index} className={css.holiday}>
              <div className={css.holidayFields}>
                <Field
                  label={say("holiday.name")}
                  maxLength={80}
                  value={holiday.name}
                  onChange={(event) => put(index, { name: event.target.value })}
                />
                <Field
                  label={say("holiday.first")}
                  type="date"
                  value={holiday.first}
                  error={fault === "day" ? say("fault.day") : undefined}
                  onChange={(event) => put(index, { first: event.target.value })}
                />
                <Field
                  label={say("holiday.last")}
                  type="date"
                  value={holiday.last ?? ""}
                  error={fault === "backwards" ? say("fault.backwards") : undefined}
                  onChange={(event) => put(index, { last: event.target.value || null })}
                />
              </div>
              <div className={css.holidayFoot}>
                <label className={css.choice}>
                  <input
                    type="checkbox"
                    checked={holiday.every_year}
                    onChange={(event) => put(index, { every_year: event.target.checked })}
                  />
                  {say("holiday.yearly")}
                </label>
                <Times
                  day={name}
                  intervals={holiday.intervals}
                  onChange={(intervals) => put(index, { intervals })}
                />
                <IconButton
                  size="small"
                  label={say("holiday.remove", { name })}
                  icon={<Trash2 size={16} strokeWidth={1.5} />}
                  onClick={() => onChange(holidays.filter((_, at) => at !== index))}
                />
              </div>
            </li>
          );
        })}
      </ul>
      {holidays.length < MOST_HOLIDAYS && (
        <div>
          <Button size="small" icon={<Plus size={16} strokeWidth={1.5} />} onClick={add}>
            {say("holidays.add")}
          </Button>
        </div>
      )}
    </>
  );
}
