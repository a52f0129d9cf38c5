/** One document: how it was read, its passages, its text as the program sees it, its original. */
import { useQuery } from "@tanstack/react-query";
import { ChevronRight, Download, History, RotateCw, Tag, Trash2, Undo2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Link, useLocation, useSearch } from "wouter";
import { useMay } from "../../api/may";
import { ApiProblem } from "../../api/problem";
import { documentQuery } from "../../api/queries";
import type { Document, Passage } from "../../api/types";
import { Button, IconButton } from "../../design/Button";
import { SidePanel } from "../../design/Panel";
import { ErrorNote, Skeleton } from "../../design/Parts";
import { TabLinks } from "../../design/Tabs";
import { useFormat } from "../../i18n/format";
import styles from "./Document.module.css";
import { DocumentPassages } from "./DocumentPassages";
import { DocumentReport } from "./DocumentReport";
import { DocumentText } from "./DocumentText";
import { DocumentVersions } from "./DocumentVersions";
import { Labels } from "./Labels";
import { LabelsDialog } from "./LabelsDialog";
import { Origin } from "./Origin";
import { remove } from "./removals";
import { useReread } from "./reread";
import { useReturn } from "./returning";
import { contents } from "./story";
import versionStyles from "./Versions.module.css";
import { useWords } from "./words";

/** Where to open the original. */
export interface Place {
  page?: number | null;
  quote?: string;
  start?: number | null;
}

const parts = ["report", "passages", "text", "original", "versions"] as const;
/** What an earlier version has: it is not answered from, so it has no passages. */
const ofEarlier: readonly string[] = ["report", "text", "original"];

export function DocumentPage({ id, original }: { id: string; original: (place: Place) => ReactNode }) {
  const say = useWords();
  const format = useFormat();
  const [, go] = useLocation();
  const reread = useReread();
  const may = useMay();
  const asked = new URLSearchParams(useSearch()).get("show");
  const part = parts.find((one) => one === asked) ?? "report";
  const [place, setPlace] = useState<Passage>();
  const [labelling, setLabelling] = useState(false);
  const query = useQuery(documentQuery(id));

  if (query.isError && !query.data) {
    const isGone = query.error instanceof ApiProblem && query.error.status === 404;
    return (
      <div className={styles.page}>
        <Crumbs title={isGone ? say("document.removed") : "…"} />
        <ErrorNote
          error={query.error}
          onRetry={() => void query.refetch()}
          action={
            isGone ? (
              <Button size="small" onClick={() => go("/knowledge")}>
                {say("document.toList")}
              </Button>
            ) : undefined
          }
        />
      </div>
    );
  }
  if (!query.data) {
    return (
      <div className={styles.page}>
        <Skeleton lines={5} height={24} />
      </div>
    );
  }

  const document = query.data;
  const title = document.title || document.name;
  const base = `/knowledge/documents/${id}`;
  const address = (one: string) => (one === "report" ? base : `${base}?show=${one}`);
  const isEarlier = document.replaced_by !== null;
  const counts: Partial<Record<string, string>> = {
    passages: format.number(document.passages),
    versions: format.number(document.versions + 1),
  };

  return (
    <div className={part === "original" ? `${styles.page} ${styles.tall}` : styles.page}>
      <Crumbs title={title} />
      {document.replaced_by && <Earlier document={document} newest={document.replaced_by} />}
      <header className={styles.head}>
        <div>
          <h1>{title}</h1>
          <p className="numbers">
            {[
              contents(document, say, format),
              say("document.added", { when: format.ago(document.created_at) }),
            ]
              .filter(Boolean)
              .join(" · ")}
          </p>
          {document.origin !== null && <Origin origin={document.origin} source={document.source_id} />}
          <Labels labels={document.labels} />
        </div>
        <div className={styles.actions}>
          <IconButton
            label={say("row.download")}
            icon={<Download size={20} strokeWidth={1.5} />}
            onClick={() => location.assign(`/api/documents/${id}/original`)}
          />
          {!isEarlier && may.change && (
            <>
              <IconButton
                label={say("row.labels")}
                icon={<Tag size={20} strokeWidth={1.5} />}
                onClick={() => setLabelling(true)}
              />
              <IconButton
                label={say("row.remove")}
                icon={<Trash2 size={20} strokeWidth={1.5} />}
                onClick={() => {
                  remove("documents", [id], say("removed", { count: 1 }));
                  go("/knowledge");
                }}
              />
              <Button
                icon={<RotateCw size={16} strokeWidth={1.5} />}
                busy={reread.isPending}
                onClick={() => reread.mutate([id])}
              >
                {say("row.reread")}
              </Button>
            </>
          )}
        </div>
      </header>
      <TabLinks
        label={say("document.show")}
        current={address(part)}
        tabs={parts
          .filter((one) => !isEarlier || ofEarlier.includes(one))
          .map((one) => ({ href: address(one), label: say(`document.${one}`), count: counts[one] }))}
      />
      {part === "report" && <DocumentReport document={document} />}
      {part === "passages" && <DocumentPassages id={id} onShow={setPlace} />}
      {part === "text" && <DocumentText id={id} />}
      {part === "versions" && <DocumentVersions id={id} />}
      {part === "original" && <div className={styles.original}>{original({})}</div>}
      <SidePanel open={place !== undefined} onClose={() => setPlace(undefined)} title={title} wide>
        {place && original({ page: place.page, quote: place.text, start: place.start })}
      </SidePanel>
      {labelling && <LabelsDialog documents={[document]} onClose={() => setLabelling(false)} />}
    </div>
  );
}

/** Says that this is an earlier version, and the two ways on. */
function Earlier({ document, newest }: { document: Document; newest: string }) {
  const say = useWords();
  const format = useFormat();
  const back = useReturn();
  const may = useMay();
  const present = useQuery(documentQuery(newest)).data;
  return (
    <div className={versionStyles.earlier} role="note">
      <History size={20} strokeWidth={1.5} aria-hidden="true" />
      <p>
        {say("versions.earlier", {
          from: format.moment(document.created_at),
          until: format.moment(document.updated_at),
        })}{" "}
        <Link href={`/knowledge/documents/${newest}?show=versions`}>{say("versions.openNewest")}</Link>
      </p>
      {present && may.change && (
        <Button
          size="small"
          icon={<Undo2 size={16} strokeWidth={1.5} aria-hidden="true" />}
          busy={back.isPending}
          onClick={() => back.mutate({ to: document, from: present })}
        >
          {say("versions.return")}
        </Button>
      )}
    </div>
  );
}

function Crumbs({ title }: { title: string }) {
  const say = useWords();
  return (
    <nav className={styles.crumbs} aria-label={say("document.crumbs")}>
      <Link href="/knowledge">{say("title")}</Link>
      <ChevronRight size={16} strokeWidth={1.5} aria-hidden="true" />
      <span aria-current="page">{title}</span>
    </nav>
  );
}
