/** Pasted text becomes a document. */
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { api, take } from "../../api/client";
import { Button } from "../../design/Button";
import { Dialog } from "../../design/Dialog";
import { Field, TextArea } from "../../design/Field";
import { ErrorNote } from "../../design/Parts";
import { tellIsHere } from "./isHere";
import styles from "./Knowledge.module.css";
import { useWords } from "./words";

export function PasteText({ open, onClose }: { open: boolean; onClose: () => void }) {
  const say = useWords();
  const form = useId();
  const [name, setName] = useState("");
  const [text, setText] = useState("");
  const called = name.trim() || firstWords(text);
  const add = useMutation({
    mutationFn: () => take(api.POST("/api/texts", { body: { name: called, text } })),
    meta: { stale: ["documents", "status"] },
    onSuccess: ({ same, document }) => {
      if (same) tellIsHere(called, document);
      setName("");
      setText("");
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() !== "") add.mutate();
  };
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={say("text.title")}
      about={say("text.about")}
      wide
      actions={
        <>
          <Button onClick={onClose}>{say("cancel")}</Button>
          <Button type="submit" form={form} look="primary" busy={add.isPending} disabled={text.trim() === ""}>
            {say("text.add")}
          </Button>
        </>
      }
    >
      <form id={form} className={styles.form} onSubmit={submit}>
        <Field
          label={say("text.name")}
          value={name}
          placeholder={firstWords(text)}
          maxLength={200}
          onChange={(event) => setName(event.target.value)}
        />
        <TextArea
          label={say("text.text")}
          rows={10}
          value={text}
          onChange={(event) => setText(event.target.value)}
          required
        />
        {add.isError && <ErrorNote error={add.error} />}
      </form>
    </Dialog>
  );
}

/** A name for a text that was given none: the beginning of its first line. */
function firstWords(text: string): string {
  const line = text.trim().split("\n")[0] ?? "";
  return line.length > 60 ? `${line.slice(0, 60).replace(/\s+\S*$/, "")}…` : line;
}
