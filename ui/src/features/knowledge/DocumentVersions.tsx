/** All versions of a document: when, how large, how read, what changed, and the way back to each. */
import { useQuery } from "@tanstack/react-query";
import { Download, FileDiff, FileText, Undo2 } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";
import { useMay } from "../../api/may";
import { versionsQuery } from "../../api/queries";
import type { Document } from "../../api/types";
import { Button, IconButton } from "../../design/Button";
import { Badge, ErrorNote, Skeleton } from "../../design/Parts";
import { useFormat } from "../../i18n/format";
import { Changes } from "./Changes";
import { DocumentStory } from "./DocumentStory";
import { useReturn } from "./returning";
import { contents } from "./story";
import styles from "./Versions.module.css";
import { useWords } from "./words";

export function DocumentVersions({ id }: { id: string }) {
  const say = useWords();
  const query = useQuery(versionsQuery(id));
  const [open, setOpen] = useState<string | null>();
  if (query.isError && !query.data)
    return <ErrorNote error={query.error} onRetry={() => void query.refetch()} />;
  if (!query.data) return <Skeleton lines={3} height={72} />;
  const versions = query.data;
  // What the newest version changed is what people come for.
  const opened = open === undefined ? versions.find(({ state }) => state === "ready")?.id : open;
  return (
    <>
      <p className={styles.about}>{versions.length > 1 ? say("versions.about") : say("versions.none")}</p>
      <ol className={styles.versions}>
        {versions.map((version, index) => (
          <li key={version.id}>
            <Version
              version={version}
              number={versions.length - index}
              before={versions.slice(index + 1).find(({ report }) => report !== null)}
              newest={versions.find(({ replaced_by, state }) => replaced_by === null && state === "ready")}
              isOpen={opened === version.id}
              onOpen={(isOpen) => setOpen(isOpen ? version.id : null)}
            />
          </li>
        ))}
      </ol>
    </>
  );
}

function Version({
  version,
  number,
  before,
  newest,
  isOpen,
  onOpen,
}: {
  version: Document;
  number: number;
  before: Document | undefined;
  newest: Document | undefined;
  isOpen: boolean;
  onOpen: (isOpen: boolean) => void;
}) {
  const say = useWords();
  const format = useFormat();
  const back = useReturn();
  const may = useMay();
  const isNewest = version.replaced_by === null && version.state === "ready";
  const isComing = version.state !== "ready";
  const name = say("versions.number", { number });
  const wasRead = version.report !== null;
  const canCompare = !isComing && before !== undefined && wasRead;
  return (
    <article className={isNewest ? `${styles.version} ${styles.newest}` : styles.version} aria-label={name}>
      <header>
        <div className={styles.what}>
          <h2>
            {format.moment(version.created_at)}
            {isNewest && <Badge tone="good">{say("versions.now")}</Badge>}
          </h2>
          <p className="numbers">
            {[
              name,
              format.size(version.size),
              wasRead && contents(version, say, format),
              !wasRead && !isComing && say("versions.unread"),
            ]
              .filter(Boolean)
              .join(" · ")}
          </p>
          {isComing && <DocumentStory document={version} />}
        </div>
        <div className={styles.tools}>
          {canCompare && (
            <Button
              size="small"
              look="quiet"
              icon={<FileDiff size={16} strokeWidth={1.5} aria-hidden="true" />}
              aria-expanded={isOpen}
              onClick={() => onOpen(!isOpen)}
            >
              {say("versions.changes")}
            </Button>
          )}
          {version.replaced_by !== null && newest && may.change && (
            <Button
              size="small"
              look="quiet"
              icon={<Undo2 size={16} strokeWidth={1.5} aria-hidden="true" />}
              busy={back.isPending}
              onClick={() => back.mutate({ to: version, from: newest })}
            >
              {say("versions.return")}
            </Button>
          )}
          <Link
            className={styles.open}
            href={`/knowledge/documents/${version.id}?show=text`}
            aria-label={say("versions.text")}
            title={say("versions.text")}
          >
            <FileText size={16} strokeWidth={1.5} aria-hidden="true" />
          </Link>
          <IconButton
            size="small"
            label={say("versions.original")}
            icon={<Download size={16} strokeWidth={1.5} />}
            onClick={() => location.assign(`/api/documents/${version.id}/original`)}
          />
        </div>
      </header>
      {isOpen && canCompare && <Changes id={version.id} />}
    </article>
  );
}
