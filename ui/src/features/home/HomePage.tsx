/** Home: what needs you, today's figures, first steps, and how the bots are. */
import { useQuery } from "@tanstack/react-query";
import { CircleCheck } from "lucide-react";
import { mayOf } from "../../api/may";
import { activityQuery, firstRunQuery, sessionQuery, updatesQuery } from "../../api/queries";
import { ErrorNote, PageHead, Skeleton } from "../../design/Parts";
import { useFormat } from "../../i18n/format";
import { homeQuery } from "./api";
import { Bots } from "./Bots";
import { Days } from "./Days";
import css from "./home.module.css";
import { NeedRow } from "./NeedRow";
import { needsOf, stepsOf } from "./needs";
import { Steps } from "./Steps";
import { Today } from "./Today";
import { useWords } from "./words";

export default function HomePage() {
  const say = useWords();
  const format = useFormat();
  const home = useQuery(homeQuery);
  const role = useQuery(sessionQuery).data?.member?.role;
  const may = mayOf(role);
  // They come together, so that nothing moves down when the chart is there; one that fails keeps nobody waiting.
  const days = useQuery(activityQuery(14));
  const data = days.isPending && days.failureCount === 0 ? undefined : home.data;
  const isBegun = useQuery(firstRunQuery).data?.is_over === false && may.change;
  const newer = useQuery({ ...updatesQuery, enabled: role === "owner" }).data?.found;
  const needs = data ? needsOf(data, role, Date.now(), newer?.version) : [];
  return (
    <div className={css.page}>
      <PageHead title={say("title")} about={say("about")} />
      {home.isError && !home.data && <ErrorNote error={home.error} onRetry={() => void home.refetch()} />}
      {!data && (home.data || !home.isError) && <Skeleton lines={6} height={48} />}
      {data && (
        <>
          <section className={css.part} aria-labelledby="needs">
            <h2 id="needs">{say(may.answer ? "needs.title" : "needs.others")}</h2>
            {needs.length === 0 ? (
              <p className={css.calm}>
                <CircleCheck size={20} strokeWidth={1.5} aria-hidden="true" />
                {say(may.answer ? "needs.none" : "needs.none_others")}
              </p>
            ) : (
              <ul className={css.rows}>
                {needs.map((need) => (
                  <NeedRow key={need.kind + need.href} need={need} may={may} />
                ))}
              </ul>
            )}
          </section>
          <Today figures={data.today} />
          <Days />
          <Steps steps={stepsOf(data, role)} isBegun={isBegun} />
          {data.bots.length > 0 && <Bots bots={data.bots} />}
          {data.last_backup_at !== null && !needs.some(({ kind }) => kind === "backup") && (
            <p className={css.last}>{say("backup", { ago: format.ago(data.last_backup_at) })}</p>
          )}
        </>
      )}
    </div>
  );
}
