/** The saved replies: written, changed and removed. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { Pencil, Plus, Trash2 } from "lucide-react";
import { type FormEvent, useState } from "react";
import { api, take } from "../../api/client";
import { ApiProblem } from "../../api/problem";
import { Button, IconButton } from "../../design/Button";
import { Dialog } from "../../design/Dialog";
import { Field, Select, TextArea } from "../../design/Field";
import { ErrorNote, Skeleton } from "../../design/Parts";
import { useFormat } from "../../i18n/format";
import { useTooLong } from "../../shared/length/length";
import { repliesQuery } from "./api";
import css from "./replies.module.css";
import type { SavedReply } from "./wire";
import { useWords } from "./words";

/** As the API bounds them. */
const LONGEST_NAME = 60;
const LONGEST = 4000;
/** Languages that are offered besides the conversation's own. */
const LANGUAGES = ["en", "ru"];

interface Props {
  /** Of the conversation: what a new one is in. */
  language: string;
  onClose: () => void;
}

export function RepliesDialog({ language, onClose }: Props) {
  const say = useWords();
  const format = useFormat();
  const replies = useQuery(repliesQuery);
  const [open, edit] = useState<SavedReply | "new" | null>(null);
  const remove = useMutation({
    mutationFn: (id: string) => take(api.DELETE("/api/saved-replies/{id}", { params: { path: { id } } })),
    meta: { stale: ["saved-replies"] },
  });
  if (open) {
    return (
      <Dialog
        open
        onClose={() => edit(null)}
        title={say(open === "new" ? "replies.new" : "replies.change_title")}
        about={say("replies.names", { customer: "{name}", me: "{me}", business: "{business}" })}
        wide
      >
        <ReplyForm reply={open === "new" ? null : open} language={language} onClose={() => edit(null)} />
      </Dialog>
    );
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={say("replies.title")}
      about={say("replies.about")}
      wide
      actions={
        <Button
          look="primary"
          icon={<Plus size={16} strokeWidth={1.5} aria-hidden="true" />}
          onClick={() => edit("new")}
        >
          {say("replies.new")}
        </Button>
      }
    >
      {replies.isPending && <Skeleton lines={3} height={32} />}
      {replies.data?.length === 0 && <p className={css.none}>{say("replies.none")}</p>}
      <ul className={css.rows}>
        {replies.data?.map((reply) => (
          <li key={reply.id}>
            <div className={css.saved}>
              <b>
                {reply.name}
                {reply.language !== "" && (
                  <span className={css.language}> {format.language(reply.language)}</span>
                )}
              </b>
              <span className={css.words}>{reply.text}</span>
            </div>
            <IconButton
              size="small"
              label={say("replies.change", { name: reply.name })}
              icon={<Pencil size={14} strokeWidth={1.5} />}
              onClick={() => edit(reply)}
            />
            <IconButton
              size="small"
              label={say("replies.remove", { name: reply.name })}
              icon={<Trash2 size={14} strokeWidth={1.5} />}
              onClick={() => remove.mutate(reply.id)}
            />
          </li>
        ))}
      </ul>
      {(replies.isError || remove.isError) && <ErrorNote error={replies.error ?? remove.error} />}
    </Dialog>
  );
}

function ReplyForm({
  reply,
  language,
  onClose,
}: {
  reply: SavedReply | null;
  language: string;
  onClose: () => void;
}) {
  const say = useWords();
  const format = useFormat();
  const [name, setName] = useState(reply?.name ?? "");
  const [text, setText] = useState(reply?.text ?? "");
  const [its, setIts] = useState(reply?.language ?? language);
  const keep = useMutation({
    mutationFn: () => {
      const body = { name: name.trim(), language: its, text: text.trim() };
      return reply
        ? take(api.PUT("/api/saved-replies/{id}", { params: { path: { id: reply.id } }, body }))
        : take(api.POST("/api/saved-replies", { body }));
    },
    meta: { stale: ["saved-replies"] },
    onSuccess: onClose,
  });
  const over = useTooLong()(text.trim(), LONGEST);
  const canKeep = name.trim() !== "" && text.trim() !== "" && !over;
  const isKnown = keep.error instanceof ApiProblem && keep.error.code === "conflict";
  const languages = [...new Set([its, language, ...LANGUAGES])].filter((code) => code !== "");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (canKeep && !keep.isPending) keep.mutate();
  };
  return (
    <form className={css.form} onSubmit={submit}>
      <Field
        label={say("replies.name")}
        value={name}
        maxLength={LONGEST_NAME}
        placeholder={say("replies.name_example")}
        error={isKnown ? say("replies.known") : null}
        onChange={(event) => {
          setName(event.target.value);
          keep.reset();
        }}
      />
      <Select
        label={say("replies.language")}
        value={its}
        options={[
          { value: "", label: say("replies.any_language") },
          ...languages.map((code) => ({ value: code, label: format.language(code) })),
        ]}
        onChange={(event) => {
          setIts(event.target.value);
          keep.reset();
        }}
      />
      <TextArea
        label={say("replies.text")}
        value={text}
        rows={5}
        error={over}
        placeholder={say("replies.text_example")}
        onChange={(event) => setText(event.target.value)}
      />
      {keep.isError && !isKnown && <ErrorNote error={keep.error} />}
      <div className={css.buttons}>
        <Button onClick={onClose}>{say("replies.cancel")}</Button>
        <Button type="submit" look="primary" busy={keep.isPending} disabled={!canKeep}>
          {say("replies.save")}
        </Button>
      </div>
    </form>
  );
}
