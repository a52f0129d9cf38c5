/** Who changed what about whom. */
import { useQuery } from "@tanstack/react-query";
import { peopleLogQuery } from "../../../api/queries";
import type { PeopleChange } from "../../../api/types";
import { ErrorNote, Skeleton } from "../../../design/Parts";
import { useFormat } from "../../../i18n/format";
import css from "./people.module.css";
import { useWords } from "./words";

export function PeopleLog() {
  const say = useWords();
  const format = useFormat();
  const log = useQuery(peopleLogQuery);
  if (log.isPending) return <Skeleton lines={3} height={20} />;
  if (log.isError) return <ErrorNote error={log.error} onRetry={() => void log.refetch()} />;
  return (
    <ol className={css.log}>
      {log.data.map((change, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two changes may be alike in everything
        <li key={index}>
          <span>{sentence(change, say)}</span>
          <time dateTime={change.at} className={css.faint}>
            {format.moment(change.at)}
          </time>
        </li>
      ))}
    </ol>
  );
}

function sentence(change: PeopleChange, say: ReturnType<typeof useWords>): string {
  const by = change.by ?? say("log.terminal");
  const about = change.about || say("log.someone");
  const role = change.role ? say(`role.${change.role}`) : "";
  const { what } = change;
  switch (what) {
    case "invited":
    case "role_changed":
      return say(`log.${what}`, { by, about, role });
    case "joined":
      return say("log.joined", { about, role });
    case "second_step_on":
    case "spare_codes_made":
    case "spare_code_used":
      return say(`log.${what}`, { about });
    case "password_changed":
    case "second_step_off":
      return change.own ? say(`log.own.${what}`, { about }) : say(`log.${what}`, { by, about });
    default:
      return say(`log.${what}`, { by, about });
  }
}
