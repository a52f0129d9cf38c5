/** How a document was read, in sentences, with the plain facts below. */

import { useQuery } from "@tanstack/react-query";
import { CircleAlert, CircleCheck, Info } from "lucide-react";
import type { ReactNode } from "react";
import { useLocation } from "wouter";
import { statusQuery } from "../../api/queries";
import type { Document, ReadReport } from "../../api/types";
import { ProgressLine } from "../../design/Parts";
import { useFormat } from "../../i18n/format";
import styles from "./Document.module.css";
import { DocumentStory } from "./DocumentStory";
import { Failure } from "./Failure";
import { remove } from "./removals";
import { amounts, kindOf } from "./story";
import { useWords } from "./words";

export function DocumentReport({ document }: { document: Document }) {
  return (
    <div className={styles.report}>
      {document.state === "ready" ? <Sentences document={document} /> : <Unready document={document} />}
      <Facts document={document} />
    </div>
  );
}

function Sentences({ document }: { document: Document }) {
  const say = useWords();
  const format = useFormat();
  const hasModel = useQuery(statusQuery).data?.embedder.state === "installed";
  const { report, passages, vectors } = document;
  if (!report) return null;
  const language = format.language(document.language);
  const things = amounts(report, say);
  if (report.tables > 0 && report.sheets === 0 && report.format !== "csv")
    things.push(say("report.tables", { count: report.tables }));
  if (report.images > 0) things.push(say("report.images", { count: report.images }));
  const isEarlier = document.replaced_by !== null;
  const meaning =
    vectors === 0
      ? say(hasModel && passages > 0 ? "report.meaningNext" : "report.words")
      : vectors >= passages
        ? say("report.meaningDone")
        : say("report.meaningSome", { done: vectors, total: passages });
  const isWhole = report.scanned_pages === 0 && report.notes.length === 0;
  // What is told with its number below is not told twice.
  const told: readonly string[] = [
    "some_pages_scanned",
    ...(report.unread.length > 0 ? ["some_files_unreadable"] : []),
  ];
  const notes = report.notes.filter((note) => !told.includes(note));
  return (
    <ul className={styles.sentences}>
      <Line tone="good">
        {say("report.sentence", { format: kindOf(document), contents: format.list(things) })}{" "}
        {language && say("report.language", { language })}{" "}
        {report.encoding && say("report.encoding", { encoding: report.encoding })}
      </Line>
      {isEarlier ? (
        <Line tone="info">{say("report.earlier")}</Line>
      ) : (
        <>
          <Line tone="good">{say("report.passages", { count: passages })}</Line>
          <Line tone={vectors >= passages || vectors === 0 ? "good" : "info"}>
            {meaning}
            {vectors > 0 && vectors < passages && (
              <ProgressLine value={vectors / passages} label={meaning} tone="ai" />
            )}
          </Line>
        </>
      )}
      {report.scanned_pages > 0 && (
        <Line tone="warn">{say("report.scans", { count: report.scanned_pages, pages: report.pages })}</Line>
      )}
      {report.unread.length > 0 && <Unread report={report} />}
      {notes.map((note) => (
        <Line key={note} tone={note === "formula_values" ? "info" : "warn"}>
          {say(`note.${note}`)}
        </Line>
      ))}
      {isWhole && <Line tone="good">{say(report.images > 0 ? "report.goodText" : "report.good")}</Line>}
    </ul>
  );
}

/** Files inside that could not be read, each with its reason. */
function Unread({ report: { unread, files } }: { report: ReadReport }) {
  const say = useWords();
  return (
    <Line tone="warn">
      {say("report.unread", { count: unread.length, files })}
      <ul className={styles.inside}>
        {unread.map(({ name, cause }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list of one report never moves
          <li key={at}>
            <b>{name}</b> — {say(`failure.${cause}.what`)}. {say(`failure.${cause}.do`)}
          </li>
        ))}
      </ul>
    </Line>
  );
}

const icons = { good: CircleCheck, warn: CircleAlert, info: Info };

function Line({ tone, children }: { tone: keyof typeof icons; children: ReactNode }) {
  const Icon = icons[tone];
  return (
    <li>
      <Icon className={styles[tone]} size={20} strokeWidth={1.5} aria-hidden="true" />
      <div>{children}</div>
    </li>
  );
}

function Unready({ document }: { document: Document }) {
  const say = useWords();
  const [, go] = useLocation();
  if (document.state === "failed") {
    const away = () => {
      remove("documents", [document.id], say("removed", { count: 1 }));
      go("/knowledge");
    };
    return <Failure document={document} onRemove={away} />;
  }
  return (
    <div className={styles.unready}>
      <DocumentStory document={document} />
    </div>
  );
}

function Facts({ document }: { document: Document }) {
  const say = useWords();
  const format = useFormat();
  const facts = [
    ["facts.file", document.name],
    ["facts.kind", kindOf(document)],
    ["facts.size", format.size(document.size)],
    ["facts.language", format.language(document.language)],
    ["facts.added", format.moment(document.created_at)],
  ] as const;
  return (
    <section className={styles.facts} aria-label={say("report.facts")}>
      <dl>
        {facts
          .filter(([, value]) => value !== "")
          .map(([name, value]) => (
            <div key={name}>
              <dt>{say(name)}</dt>
              <dd className="numbers">{value}</dd>
            </div>
          ))}
      </dl>
    </section>
  );
}
