/** Writing a Q&A: for Knowledge, and for questions that want an answer. */
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useId, useRef, useState } from "react";
import type { Qa } from "../../api/types";
import { Button } from "../../design/Button";
import { Dialog } from "../../design/Dialog";
import { TextArea } from "../../design/Field";
import { ErrorNote } from "../../design/Parts";
import css from "./qa.module.css";
import { useWords } from "./words";

/** What is written. */
export interface Written {
  questions: string[];
  answer: string;
}

interface Props {
  title: string;
  qa?: Qa | undefined;
  /** The question and the answer that a new one starts with. */
  asked?: string | undefined;
  answered?: string | undefined;
  /** What stands above the fields: where the question comes from. */
  about?: ReactNode;
  /** Keeps it. */
  onSave: (written: Written) => Promise<unknown>;
  /** Topics that go stale when it is kept, besides Q&A. */
  stale?: readonly string[];
  onSaved?: () => void;
  onClose: () => void;
}

export function QaForm({
  title,
  qa,
  asked = "",
  answered = "",
  about,
  onSave,
  stale = [],
  onSaved,
  onClose,
}: Props) {
  const say = useWords();
  const form = useId();
  // The first field that is still empty; the answer where the question is known.
  const start = useRef<HTMLTextAreaElement>(null);
  const isAsked = qa !== undefined || asked !== "";
  const [questions, setQuestions] = useState(qa?.questions.join("\n") ?? asked);
  const [answer, setAnswer] = useState(qa?.answer ?? answered);
  const lines = questions
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
  const isWhole = lines.length > 0 && answer.trim() !== "";
  const save = useMutation({
    mutationFn: () => onSave({ questions: lines, answer: answer.trim() }),
    meta: { stale: ["qa", "status", ...stale] },
    onSuccess: () => {
      onSaved?.();
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isWhole) save.mutate();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      wide
      initialFocus={start}
      actions={
        <>
          <Button onClick={onClose}>{say("cancel")}</Button>
          <Button type="submit" form={form} look="primary" busy={save.isPending} disabled={!isWhole}>
            {say("save")}
          </Button>
        </>
      }
    >
      <form id={form} className={css.form} onSubmit={submit}>
        {about}
        <TextArea
          ref={isAsked ? undefined : start}
          label={say("questions")}
          help={say("questionsHelp")}
          value={questions}
          onChange={(event) => setQuestions(event.target.value)}
          rows={3}
          required
        />
        <TextArea
          ref={isAsked ? start : undefined}
          label={say("answer")}
          help={say("answerHelp")}
          value={answer}
          onChange={(event) => setAnswer(event.target.value)}
          maxLength={4000}
          rows={5}
          required
        />
        {save.isError && <ErrorNote error={save.error} />}
      </form>
    </Dialog>
  );
}
