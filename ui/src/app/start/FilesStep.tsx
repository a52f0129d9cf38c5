/** What is answered from: files, a site, a folder, a pasted text, or the demo company; each row tells how it is read. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { ClipboardPaste, FilePlus2, FileText, FolderSync, Globe, Store } from "lucide-react";
import { useRef, useState } from "react";
import { Link } from "wouter";
import { documentsQuery, followedQuery, statusQuery } from "../../api/queries";
import { Button } from "../../design/Button";
import { DropZone } from "../../design/DropZone";
import { ErrorNote, Skeleton } from "../../design/Parts";
import { useLoadDemo } from "../../features/knowledge/AddActions";
import { AddFolder } from "../../features/knowledge/AddFolder";
import { AddSite } from "../../features/knowledge/AddSite";
import { DocumentStory } from "../../features/knowledge/DocumentStory";
import { Fix } from "../../features/knowledge/Failure";
import { FollowedCard } from "../../features/knowledge/FollowedCard";
import { PasteText } from "../../features/knowledge/PasteText";
import { UploadRow } from "../../features/knowledge/UploadRow";
import { addFiles, useUploads } from "../../features/knowledge/uploads";
import { Foot } from "./Foot";
import type { StepProps } from "./StartPage";
import css from "./start.module.css";
import { useStartWords } from "./words";

/** Documents that are shown here; Knowledge shows all. */
const SHOWN = 8;

export function FilesStep({ onNext, onBack }: StepProps) {
  const say = useStartWords();
  const picker = useRef<HTMLInputElement>(null);
  const [adding, setAdding] = useState<"text" | "site" | "folder">();
  const close = () => setAdding(undefined);
  const uploads = useUploads();
  const list = useInfiniteQuery(documentsQuery({}));
  const status = useQuery(statusQuery).data;
  const demo = useLoadDemo();
  const documents = list.data?.pages[0]?.items ?? [];
  const total = Math.max(status?.documents.total ?? 0, documents.length);
  const followed = useQuery(followedQuery).data ?? [];
  const hasAny = documents.length + uploads.length + followed.length > 0;
  const add = (files: File[]) => {
    if (files.length > 0) addFiles(files);
  };
  return (
    <DropZone label={say("files.drop")} onFiles={add} className={css.drop}>
      <div className={css.well}>
        <p>{say("files.words")}</p>
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          onChange={(event) => {
            add([...(event.target.files ?? [])]);
            event.target.value = "";
          }}
        />
        <div className={css.ways}>
          <Button
            look={hasAny ? "plain" : "primary"}
            icon={<FilePlus2 size={16} strokeWidth={1.75} />}
            onClick={() => picker.current?.click()}
          >
            {say("files.choose")}
          </Button>
          <Button icon={<Globe size={16} strokeWidth={1.5} />} onClick={() => setAdding("site")}>
            {say("files.site")}
          </Button>
          <Button icon={<FolderSync size={16} strokeWidth={1.5} />} onClick={() => setAdding("folder")}>
            {say("files.folder")}
          </Button>
          <Button icon={<ClipboardPaste size={16} strokeWidth={1.5} />} onClick={() => setAdding("text")}>
            {say("files.paste")}
          </Button>
          {status && !status.demo && (
            <Button
              icon={<Store size={16} strokeWidth={1.5} />}
              busy={demo.isPending}
              onClick={() => demo.mutate()}
            >
              {say("files.demo")}
            </Button>
          )}
        </div>
        {status?.demo && <p className={css.note}>{say("files.demoThere")}</p>}
      </div>
      {list.isPending && <Skeleton lines={2} height={44} />}
      {list.isError && !list.data && <ErrorNote error={list.error} onRetry={() => void list.refetch()} />}
      {uploads.map((upload) => (
        <UploadRow key={upload.key} upload={upload} />
      ))}
      {followed.length > 0 && (
        <ul className={css.sources} aria-label={say("files.sources")}>
          {followed.map((one) => (
            <FollowedCard key={one.source_id} followed={one} isOpen={false} />
          ))}
        </ul>
      )}
      {documents.length > 0 && (
        <ul className={css.rows} aria-label={say("files.list")}>
          {documents.slice(0, SHOWN).map((document) => (
            <li key={document.id} className={css.row}>
              <FileText size={20} strokeWidth={1.5} aria-hidden="true" />
              <div className={css.rowMain}>
                <Link href={`/knowledge/documents/${document.id}`}>{document.title || document.name}</Link>
                <DocumentStory document={document} />
              </div>
              {document.state === "failed" && <Fix document={document} size="small" />}
            </li>
          ))}
        </ul>
      )}
      {total > SHOWN && <p className={css.note}>{say("files.more", { count: total - SHOWN })}</p>}
      <PasteText open={adding === "text"} onClose={close} />
      <AddSite open={adding === "site"} onClose={close} onAdded={close} />
      <AddFolder open={adding === "folder"} onClose={close} onAdded={close} />
      <Foot onBack={onBack} onSkip={hasAny ? undefined : onNext} onNext={onNext} isDisabled={!hasAny} />
    </DropZone>
  );
}
