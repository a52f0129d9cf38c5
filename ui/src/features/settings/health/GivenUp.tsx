/** Jobs that were tried too often: what, when, why, and one more try. */
import { infiniteQueryOptions, useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { RotateCcw } from "lucide-react";
import { Link } from "wouter";
import { api, take } from "../../../api/client";
import type { components } from "../../../api/schema";
import { Button } from "../../../design/Button";
import { ErrorNote, Skeleton } from "../../../design/Parts";
import { toast } from "../../../design/Toast";
import { useFormat } from "../../../i18n/format";
import styles from "../Settings.module.css";
import css from "./health.module.css";
import { useWords } from "./words";

type Job = components["schemas"]["Job"];

const deadQuery = infiniteQueryOptions({
  queryKey: ["jobs", "dead"],
  queryFn: ({ pageParam, signal }) =>
    take(
      api.GET("/api/jobs", {
        params: { query: { state: "dead", cursor: pageParam ?? undefined, limit: 20 } },
        signal,
      }),
    ),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next,
});

/** What trying again makes stale. */
const stale = ["jobs", "doctor", "status", "documents", "followed"];

export function GivenUp() {
  const say = useWords();
  const dead = useInfiniteQuery(deadQuery);
  const all = useMutation({
    mutationFn: () => take(api.POST("/api/jobs/retry")),
    meta: { stale },
    onSuccess: ({ jobs }) => void toast({ text: say("dead.runs", { count: jobs }) }),
  });
  if (dead.isError && !dead.data) return <ErrorNote error={dead.error} onRetry={() => void dead.refetch()} />;
  if (!dead.data) return <Skeleton lines={2} height={40} />;
  const jobs = dead.data.pages.flatMap(({ items }) => items);
  if (jobs.length === 0) return <p className={styles.note}>{say("dead.none")}</p>;
  return (
    <div className={styles.form}>
      <ul className={css.jobs} aria-label={say("dead.list")}>
        {jobs.map((job) => (
          <One key={job.id} job={job} />
        ))}
      </ul>
      {all.error && <ErrorNote error={all.error} />}
      <div className={styles.row}>
        {jobs.length > 1 && (
          <Button busy={all.isPending} onClick={() => all.mutate()}>
            {say("dead.all")}
          </Button>
        )}
        {dead.hasNextPage && (
          <Button look="quiet" busy={dead.isFetchingNextPage} onClick={() => void dead.fetchNextPage()}>
            {say("dead.more")}
          </Button>
        )}
      </div>
    </div>
  );
}

function One({ job }: { job: Job }) {
  const say = useWords();
  const format = useFormat();
  const again = useMutation({
    mutationFn: () => take(api.POST("/api/jobs/{id}/retry", { params: { path: { id: job.id } } })),
    meta: { stale },
  });
  const task = say(`task.${job.task}`);
  const subject = placeOf(job);
  return (
    <li>
      <div>
        <b>{task}</b>
        <p className="numbers">
          <time dateTime={job.created_at}>{format.moment(job.created_at)}</time>
          {" · "}
          {say("dead.tries", { count: job.attempts })}
        </p>
        {job.reason !== "" && <code>{job.reason}</code>}
        {subject && (
          <Link href={subject} className={css.go}>
            {say("task.open")}
          </Link>
        )}
        {again.error && <ErrorNote error={again.error} />}
      </div>
      <Button
        size="small"
        icon={<RotateCcw size={16} strokeWidth={1.5} aria-hidden="true" />}
        busy={again.isPending}
        aria-label={say("dead.againOne", { task })}
        onClick={() => again.mutate()}
      >
        {say("dead.again")}
      </Button>
    </li>
  );
}

/** The page of what a job is about, where it has one. */
function placeOf({ task, subject }: Job): string | undefined {
  if (task === "read" && subject !== null) return `/knowledge/documents/${subject}`;
  if (task === "answer" && subject !== null) return `/inbox/ai/${subject}`;
  if (task === "follow") return "/knowledge/sources";
  if (task === "invite") return "/settings/team";
  return undefined;
}
