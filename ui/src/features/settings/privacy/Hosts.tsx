/** Every host the program spoke to since it started. */
import { useQuery } from "@tanstack/react-query";
import { hostsQuery } from "../../../api/queries";
import { ErrorNote, Skeleton } from "../../../design/Parts";
import { useFormat } from "../../../i18n/format";
import styles from "../Settings.module.css";
import css from "./privacy.module.css";
import { useWords } from "./words";

const purposes = ["engine", "embedder", "models", "telegram", "mail", "updates", "sites"] as const;

export function Hosts() {
  const say = useWords();
  const format = useFormat();
  const hosts = useQuery(hostsQuery);
  if (hosts.isPending) return <Skeleton lines={2} height={20} />;
  if (!hosts.data) return <ErrorNote error={hosts.error} onRetry={() => void hosts.refetch()} />;
  if (hosts.data.length === 0) return <p className={styles.note}>{say("hosts.none")}</p>;
  return (
    <ul className={styles.list} aria-label={say("hosts.title")}>
      {hosts.data.map(({ host, purpose, count, last_at }) => {
        const known = purposes.find((one) => one === purpose);
        return (
          <li key={`${host} ${purpose}`}>
            <span className={css.host}>{host}</span>
            <span className={`numbers ${css.faint}`}>
              {say("hosts.count", { count })} · {format.ago(last_at)}
            </span>
            <span className={css.purpose}>{known ? say(`purpose.${known}`) : purpose}</span>
          </li>
        );
      })}
    </ul>
  );
}
