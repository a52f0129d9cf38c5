/** Who changed what about whom. */
import { useQuery } from "@tanstack/react-query";
import { peopleLogQuery } from "../../../api/queries";
import { ErrorNote, Skeleton } from "../../../design/Parts";
import { useFormat } from "../../../i18n/format";
import css from "./people.module.css";
import { sentence } from "./sentence";
import { useWords } from "./words";

export function PeopleLog() {
  const say = useWords();
  const format = useFormat();
  const log = useQuery(peopleLogQuery);
  if (log.isPending) return <Skeleton lines={3} height={20} />;
  if (log.isError && !log.data) return <ErrorNote error={log.error} onRetry={() => void log.refetch()} />;
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
