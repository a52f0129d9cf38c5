/** Security: who did what, and whether what is written about it is as it was. For owners. */
import { infiniteQueryOptions, queryOptions, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { CircleAlert, ShieldCheck } from "lucide-react";
import { api, take } from "../../../api/client";
import { Button } from "../../../design/Button";
import { ErrorNote, Section, Skeleton } from "../../../design/Parts";
import { useFormat } from "../../../i18n/format";
import { useWords as usePeopleWords } from "../people/words";
import styles from "../Settings.module.css";
import { deedOf } from "./deed";
import css from "./security.module.css";
import { useWords } from "./words";

const logQuery = infiniteQueryOptions({
  queryKey: ["audit"],
  queryFn: ({ pageParam, signal }) =>
    take(api.GET("/api/audit", { params: { query: { before: pageParam ?? undefined, limit: 50 } }, signal })),
  initialPageParam: null as number | null,
  getNextPageParam: (page) => page.next,
});

const checkQuery = queryOptions({
  queryKey: ["audit", "check"],
  queryFn: ({ signal }) => take(api.GET("/api/audit/check", { signal })),
});

export function Security() {
  const say = useWords();
  return (
    <div>
      <Section title={say("check.title")} about={say("check.about")}>
        <Check />
      </Section>
      <Section title={say("log.title")} about={say("log.about")}>
        <Log />
      </Section>
    </div>
  );
}

function Check() {
  const say = useWords();
  const check = useQuery(checkQuery);
  const found = check.data;
  if (check.isError && !found) return <ErrorNote error={check.error} onRetry={() => void check.refetch()} />;
  if (!found) return <Skeleton lines={2} height={20} />;
  const isBroken = found.broken_at !== null;
  return (
    <div className={styles.form}>
      <div role="status" className={css.verdict} data-broken={isBroken || undefined}>
        {isBroken ? (
          <CircleAlert size={20} strokeWidth={1.5} aria-hidden="true" />
        ) : (
          <ShieldCheck size={20} strokeWidth={1.5} aria-hidden="true" />
        )}
        <div>
          {found.broken_at !== null && (
            <>
              <strong>{say("check.broken", { number: found.broken_at })}</strong>
              <p>{say("check.brokenDo")}</p>
            </>
          )}
          {found.whole && (
            <strong>
              {found.entries === 0 ? say("check.empty") : say("check.whole", { count: found.entries })}
            </strong>
          )}
          {found.unproved > 0 && <p>{say("check.unproved", { count: found.unproved })}</p>}
          {!isBroken && found.backups > 0 && (
            <p className={styles.note}>{say("check.backups", { count: found.backups })}</p>
          )}
        </div>
      </div>
      <div>
        <Button busy={check.isFetching} onClick={() => void check.refetch()}>
          {say("check.again")}
        </Button>
      </div>
    </div>
  );
}

function Log() {
  const say = useWords();
  const sayPeople = usePeopleWords();
  const format = useFormat();
  const log = useInfiniteQuery(logQuery);
  if (log.isError && !log.data) return <ErrorNote error={log.error} onRetry={() => void log.refetch()} />;
  if (!log.data) return <Skeleton lines={5} height={20} />;
  const entries = log.data.pages.flatMap(({ items }) => items);
  if (entries.length === 0) return <p className={styles.note}>{say("log.empty")}</p>;
  return (
    <div className={styles.form}>
      <ol className={css.log} aria-label={say("log.list")}>
        {entries.map((entry) => (
          <li key={entry.number}>
            <span>{deedOf(entry, say, sayPeople, format)}</span>
            <time dateTime={entry.at}>{format.moment(entry.at)}</time>
          </li>
        ))}
      </ol>
      {log.hasNextPage && (
        <div>
          <Button busy={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
            {say("log.more")}
          </Button>
        </div>
      )}
    </div>
  );
}
