/** Assistants: one page for each, in parts; what is changed waits for Save, whichever part it is in. */
import { useQuery } from "@tanstack/react-query";
import { MessageSquareText } from "lucide-react";
import { useState } from "react";
import { Redirect, useLocation } from "wouter";
import { useMay } from "../../api/may";
import { assistantsQuery } from "../../api/queries";
import { Button } from "../../design/Button";
import { Select } from "../../design/Field";
import { EmptyState, ErrorNote, PageHead, Skeleton } from "../../design/Parts";
import { TabLinks } from "../../design/Tabs";
import css from "./assistants.module.css";
import { Editor } from "./Editor";
import { MoreActions } from "./MoreActions";
import { type Part, parts } from "./parts";
import { useWords } from "./words";

export default function AssistantsPage({ params }: { params: { id?: string; part?: string } }) {
  const say = useWords();
  const [, go] = useLocation();
  const list = useQuery(assistantsQuery);
  const may = useMay();
  const [made, setMade] = useState(0);
  const all = list.data ?? [];
  const assistant = params.id ? all.find(({ id }) => id === params.id) : all[0];
  const part = parts.find((one) => one === params.part);

  if (params.part && !part) return <Redirect to={`/assistants/${params.id}`} replace />;
  const href = (to: Part) => `/assistants/${assistant?.id}${to === "identity" ? "" : `/${to}`}`;
  const current = part ?? "identity";
  return (
    <div className={css.page}>
      <PageHead
        title={assistant?.name ?? say("title")}
        about={say("about")}
        actions={
          assistant && (
            <>
              {all.length > 1 && (
                <Select
                  label={say("which")}
                  labelHidden
                  value={assistant.id}
                  options={all.map(({ id, name }) => ({ value: id, label: name }))}
                  onChange={(event) => go(`/assistants/${event.target.value}${part ? `/${part}` : ""}`)}
                />
              )}
              {may.change && (
                <MoreActions
                  key={made}
                  assistant={assistant}
                  isOnly={all.length === 1}
                  onDone={() => setMade(made + 1)}
                />
              )}
              {may.answer && (
                <Button
                  icon={<MessageSquareText size={16} strokeWidth={1.5} />}
                  onClick={() => go("/playground")}
                >
                  {say("try")}
                </Button>
              )}
            </>
          )
        }
      />
      {list.isPending && <Skeleton lines={6} height={36} />}
      {list.isError && !list.data && <ErrorNote error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && !assistant && (
        <EmptyState
          title={say("none.title")}
          action={<Button onClick={() => go("/assistants")}>{say("none.do")}</Button>}
        >
          {say("none.about")}
        </EmptyState>
      )}
      {assistant && (
        <>
          <TabLinks
            label={say("parts")}
            current={href(current)}
            tabs={parts.map((one) => ({ href: href(one), label: say(`part.${one}`) }))}
          />
          <Editor key={assistant.id} assistant={assistant} part={current} mayChange={may.change} />
        </>
      )}
    </div>
  );
}
