/** Knowledge: documents, Q&A and the search test; the whole page takes files. */
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useRef, useState } from "react";
import { Redirect, useLocation } from "wouter";
import { useMay } from "../../api/may";
import { statusQuery } from "../../api/queries";
import { DropZone } from "../../design/DropZone";
import { LookingNote, PageHead, Skeleton } from "../../design/Parts";
import { TabLinks } from "../../design/Tabs";
import { useFormat } from "../../i18n/format";
import { AddActions } from "./AddActions";
import { AddFolder } from "./AddFolder";
import { AddSite } from "./AddSite";
import { Documents } from "./Documents";
import styles from "./Knowledge.module.css";
import { PasteText } from "./PasteText";
import { addFiles } from "./uploads";
import { useWords } from "./words";

const QaTab = lazy(() => import("./QaTab"));
const SourcesTab = lazy(() => import("./SourcesTab"));
const SearchTab = lazy(() => import("./SearchTab"));

export default function KnowledgePage({ params }: { params: { tab?: string } }) {
  const say = useWords();
  const format = useFormat();
  const [, go] = useLocation();
  const may = useMay();
  const status = useQuery(statusQuery);
  const picker = useRef<HTMLInputElement>(null);
  const [adding, setAdding] = useState<"text" | "site" | "folder">();
  const { tab } = params;
  if (tab !== undefined && tab !== "qa" && tab !== "sources" && tab !== "search")
    return <Redirect to="/knowledge" replace />;

  const take = (files: File[]) => {
    if (files.length === 0) return;
    addFiles(files);
    if (tab) go("/knowledge");
  };
  // Two figures' room is kept until the count is there, so that the tabs beside it stay where they are.
  const count = (number: number | undefined) => {
    if (number === undefined) return status.isPending ? "\u2007\u2007" : undefined;
    return number === 0 ? undefined : format.number(number);
  };
  const done = () => setAdding(undefined);
  const pick = () => picker.current?.click();

  return (
    <DropZone label={say("add.drop")} onFiles={take} disabled={!may.change} className={styles.zone}>
      <div className={styles.page}>
        <PageHead
          title={say("title")}
          about={say(may.change ? "about" : "about.looking")}
          actions={
            (!tab || tab === "sources") && may.change && <AddActions onFiles={pick} onOther={setAdding} />
          }
        />
        {!may.change && <LookingNote />}
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          onChange={(event) => {
            take([...(event.target.files ?? [])]);
            event.target.value = "";
          }}
        />
        <TabLinks
          label={say("tabs")}
          current={tab ? `/knowledge/${tab}` : "/knowledge"}
          tabs={[
            { href: "/knowledge", label: say("tab.documents"), count: count(status.data?.documents.total) },
            { href: "/knowledge/sources", label: say("tab.sources") },
            { href: "/knowledge/qa", label: say("tab.qa"), count: count(status.data?.qa) },
            { href: "/knowledge/search", label: say("tab.search") },
          ]}
        />
        <Suspense fallback={<Skeleton lines={5} height={32} />}>
          {tab === "qa" && <QaTab />}
          {tab === "sources" && (
            <SourcesTab onSite={() => setAdding("site")} onFolder={() => setAdding("folder")} />
          )}
          {tab === "search" && <SearchTab />}
          {!tab && <Documents onFiles={pick} />}
        </Suspense>
      </div>
      <PasteText open={adding === "text"} onClose={done} />
      <AddSite open={adding === "site"} onClose={done} />
      <AddFolder open={adding === "folder"} onClose={done} />
    </DropZone>
  );
}
