/** What the doctor finds: a verdict, then each finding with what to do and where. */
import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { CircleAlert, CircleCheck, Lightbulb, ShieldCheck } from "lucide-react";
import { Link } from "wouter";
import { api, take } from "../../../api/client";
import { Button } from "../../../design/Button";
import { ErrorNote, Skeleton } from "../../../design/Parts";
import { useFormat } from "../../../i18n/format";
import { type Language, useLanguage } from "../../../i18n/language";
import styles from "../Settings.module.css";
import css from "./health.module.css";
import { type Finding, sorted, toldOf } from "./told";
import { useWords } from "./words";

const doctorQuery = (language: Language) =>
  queryOptions({
    queryKey: ["doctor", language],
    queryFn: ({ signal }) => take(api.GET("/api/doctor", { params: { query: { language } }, signal })),
  });

const icons = { bad: CircleAlert, note: Lightbulb, good: CircleCheck } as const;

export function Findings() {
  const say = useWords();
  const language = useLanguage();
  const cache = useQueryClient();
  const report = useQuery(doctorQuery(language));
  const through = useMutation({
    mutationFn: () => take(api.GET("/api/doctor", { params: { query: { language, deep: true } } })),
    onSuccess: (found) => cache.setQueryData(doctorQuery(language).queryKey, found),
  });
  const found = report.data;
  if (report.isError && !found)
    return <ErrorNote error={report.error} onRetry={() => void report.refetch()} />;
  if (!found) return <Skeleton lines={6} height={28} />;
  const wrong = found.items.filter(({ standing }) => standing === "bad").length;
  const Icon = found.well ? ShieldCheck : CircleAlert;
  return (
    <div className={styles.form}>
      <div role="status" className={css.verdict} data-well={found.well}>
        <Icon size={20} strokeWidth={1.5} aria-hidden="true" />
        <div>
          <strong>{found.well ? say("found.well") : say("found.wrong", { count: wrong })}</strong>
          {through.isSuccess && <p className={styles.note}>{say("found.deepDone")}</p>}
        </div>
      </div>
      <ul className={css.findings} aria-label={say("found.list")}>
        {sorted(found.items).map((finding) => (
          <One key={toldKey(finding)} finding={finding} />
        ))}
      </ul>
      {through.error && <ErrorNote error={through.error} />}
      <div className={styles.row}>
        <Button busy={report.isFetching} onClick={() => void report.refetch()}>
          {say("found.again")}
        </Button>
        <Button busy={through.isPending} onClick={() => through.mutate()}>
          {say("found.deep")}
        </Button>
      </div>
      <p className={styles.note}>{say("found.deepHelp")}</p>
    </div>
  );
}

function toldKey(finding: Finding): string {
  return finding.found === "bot" ? finding.id : `${finding.found} ${finding.standing}`;
}

function One({ finding }: { finding: Finding }) {
  const say = useWords();
  const { title, told, fix, go } = toldOf(finding, say, useFormat());
  const Icon = icons[finding.standing];
  return (
    <li data-standing={finding.standing}>
      <Icon size={16} strokeWidth={1.75} aria-hidden="true" />
      <div>
        <b>
          <span className="unseen">{say(`found.${finding.standing}`)}: </span>
          {title}
        </b>
        <p>{told}</p>
        {fix && <p className={css.fix}>{fix}</p>}
        {go && (
          <Link href={go.href} className={css.go}>
            {go.label}
          </Link>
        )}
      </div>
    </li>
  );
}
