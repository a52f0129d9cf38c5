/** Conversations that were had here before, the latest first. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { ErrorNote } from "../../design/Parts";
import { useFormat } from "../../i18n/format";
import { earlierQuery } from "./calls";
import css from "./earlier.module.css";
import { useWords } from "./words";

type Props = { current: string | undefined; onChosen: () => void };

export function EarlierPanel({ current, onChosen }: Props) {
  const t = useWords();
  const { ago } = useFormat();
  const list = useQuery({ ...earlierQuery, refetchOnMount: "always" });
  if (list.isError && !list.data) {
    return (
      <div className={css.nothing}>
        <ErrorNote error={list.error} onRetry={() => void list.refetch()} />
      </div>
    );
  }
  if (list.data?.length === 0) return <p className={css.nothing}>{t("play.earlier_none")}</p>;
  return (
    <ul className={css.list} aria-busy={list.isPending}>
      {list.data?.map((conversation) => (
        <li key={conversation.id}>
          <Link
            href={`/playground/${conversation.id}`}
            aria-current={conversation.id === current ? "page" : undefined}
            onClick={onChosen}
          >
            <span className={css.listTitle} dir="auto">
              {conversation.title}
            </span>
            <time dateTime={conversation.last_at}>{ago(conversation.last_at)}</time>
          </Link>
        </li>
      ))}
    </ul>
  );
}
