/** Q&A: questions with their approved answers. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { MessageCircleQuestion, Pencil, Plus, Search, Trash2 } from "lucide-react";
import { useDeferredValue, useState } from "react";
import { useSearchParams } from "wouter";
import { api, take } from "../../api/client";
import { useMay } from "../../api/may";
import { qaQuery } from "../../api/queries";
import type { Qa } from "../../api/types";
import { Button, IconButton } from "../../design/Button";
import { Field } from "../../design/Field";
import { Badge, EmptyState, ErrorNote, Skeleton } from "../../design/Parts";
import { QaForm } from "../../shared/qa/QaForm";
import shared from "./Knowledge.module.css";
import styles from "./Qa.module.css";
import { remove, useRemoved } from "./removals";
import { useWords } from "./words";

const oneQuery = (id: string) => ({
  queryKey: ["qa", "one", id],
  queryFn: ({ signal }: { signal: AbortSignal }) =>
    take(api.GET("/api/qa/{id}", { params: { path: { id } }, signal })),
});

export default function QaTab() {
  const say = useWords();
  const removed = useRemoved();
  const may = useMay();
  const [text, setText] = useState("");
  // A refused answer leads here with its question: `?question=…`.
  const [address, setAddress] = useSearchParams();
  const asked = address.get("question") ?? undefined;
  // One that is there already is led to with its id: `?open=…`.
  const led = address.get("open") ?? "";
  const ledTo = useQuery({ ...oneQuery(led), enabled: led !== "" && may.change }).data;
  const [chosen, setOpen] = useState<Qa | "new" | undefined>(asked && may.change ? "new" : undefined);
  const open = chosen ?? (led === "" ? undefined : ledTo);
  const close = () => {
    setOpen(undefined);
    if (asked || led) setAddress({}, { replace: true });
  };
  const q = useDeferredValue(text.trim());
  const query = useInfiniteQuery(qaQuery(q));

  if (query.isError && !query.data)
    return <ErrorNote error={query.error} onRetry={() => void query.refetch()} />;
  if (!query.data) return <Skeleton lines={5} height={44} />;
  const items = query.data.pages.flatMap((page) => page.items).filter(({ id }) => !removed.has(id));
  const form = open !== undefined && (
    <QaForm
      key={open === "new" ? open : open.id}
      title={say(open === "new" ? "qa.new" : "qa.edit")}
      qa={open === "new" ? undefined : open}
      asked={asked}
      onSave={(body) =>
        open === "new"
          ? take(api.POST("/api/qa", { body }))
          : take(api.PUT("/api/qa/{id}", { params: { path: { id: open.id } }, body }))
      }
      onClose={close}
    />
  );
  if (items.length === 0 && q === "") {
    return (
      <>
        <EmptyState
          drawing={<MessageCircleQuestion size={56} strokeWidth={1} aria-hidden="true" />}
          title={say("qa.empty.title")}
          action={
            may.change && (
              <Button look="primary" onClick={() => setOpen("new")}>
                {say("qa.add")}
              </Button>
            )
          }
        >
          {say(may.change ? "qa.empty.about" : "qa.empty.looking")}
        </EmptyState>
        {form}
      </>
    );
  }
  return (
    <>
      <p className={styles.about}>{say("qa.about")}</p>
      <div className={shared.bar}>
        <div className={shared.find}>
          <Search size={16} strokeWidth={1.5} aria-hidden="true" />
          <Field
            type="search"
            label={say("qa.find")}
            labelHidden
            placeholder={say("qa.find")}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </div>
        {may.change && (
          <Button look="primary" icon={<Plus size={16} strokeWidth={1.75} />} onClick={() => setOpen("new")}>
            {say("qa.add")}
          </Button>
        )}
      </div>
      {items.length === 0 ? (
        <p className={styles.about}>{say("qa.none")}</p>
      ) : (
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{say("qa.question")}</th>
              <th scope="col">{say("qa.answer")}</th>
              {may.change && (
                <th scope="col">
                  <span className="unseen">{say("qa.tools")}</span>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {items.map((qa) => (
              <QaRow key={qa.id} qa={qa} onEdit={may.change ? () => setOpen(qa) : undefined} />
            ))}
          </tbody>
        </table>
      )}
      {query.hasNextPage && (
        <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {say("qa.loadMore")}
        </Button>
      )}
      {form}
    </>
  );
}

/** Without `onEdit` it is only looked at, and every question stands there. */
function QaRow({ qa, onEdit }: { qa: Qa; onEdit: (() => void) | undefined }) {
  const say = useWords();
  const [first = "", ...others] = qa.questions;
  return (
    <tr>
      <td>
        {onEdit ? (
          <button type="button" className={styles.question} onClick={onEdit}>
            {first}
          </button>
        ) : (
          qa.questions.map((question) => <p key={question}>{question}</p>)
        )}
        <span className={styles.small}>
          {onEdit && others.length > 0 && say("qa.more", { count: others.length })}
          {qa.demo && <Badge>{say("qa.demo")}</Badge>}
        </span>
      </td>
      <td>
        <p className={styles.answer}>{qa.answer}</p>
      </td>
      {onEdit && (
        <td className={styles.tools}>
          <IconButton
            size="small"
            label={say("qa.editOne", { question: first })}
            icon={<Pencil size={16} strokeWidth={1.5} />}
            onClick={onEdit}
          />
          <IconButton
            size="small"
            label={say("qa.removeOne", { question: first })}
            icon={<Trash2 size={16} strokeWidth={1.5} />}
            onClick={() => remove("qa", [qa.id], say("qa.removed"))}
          />
        </td>
      )}
    </tr>
  );
}
