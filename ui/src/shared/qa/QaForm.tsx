/** Writing a Q&A: for Knowledge, and for questions that want an answer. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useId, useRef, useState } from "react";
import { Link } from "wouter";
import type { Qa } from "../../api/types";
import { Button } from "../../design/Button";
import { Dialog } from "../../design/Dialog";
import { TextArea } from "../../design/Field";
import { ErrorNote } from "../../design/Parts";
import { useTooLong } from "../length/length";
import css from "./qa.module.css";
import { answeredQuery } from "./same";
import { useWords } from "./words";

/** The longest that the API takes, in characters. */
const LONGEST_QUESTION = 500;
const LONGEST_ANSWER = 4000;

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
  const tooLong = useTooLong();
  const lines = linesOf(questions);
  // Looked for when the questions are written, not at every letter.
  const [written, setWritten] = useState(lines);
  const found = useQuery(answeredQuery(written)).data;
  const same = found && found.id !== qa?.id ? found : undefined;
  const questionOver = lines.map((line) => tooLong(line, LONGEST_QUESTION)).find(Boolean);
  const answerOver = tooLong(answer.trim(), LONGEST_ANSWER);
  const isWhole = lines.length > 0 && answer.trim() !== "" && !questionOver && !answerOver;
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
            {say(same ? "saveAnyway" : "save")}
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
          error={questionOver}
          onChange={(event) => setQuestions(event.target.value)}
          onBlur={() => setWritten(lines)}
          rows={3}
          required
        />
        {same && (
          <div className={css.same} role="status">
            <p>
              <strong>{say("same")}</strong>{" "}
              <Link href={`/knowledge/qa?open=${same.id}`} onClick={onClose}>
                {say("sameOpen")}
              </Link>
            </p>
            <p className={css.sameAnswer} dir="auto">
              {same.answer}
            </p>
          </div>
        )}
        <TextArea
          ref={isAsked ? start : undefined}
          label={say("answer")}
          help={say("answerHelp")}
          value={answer}
          onChange={(event) => setAnswer(event.target.value)}
          error={answerOver}
          rows={5}
          required
        />
        {save.isError && <ErrorNote error={save.error} />}
      </form>
    </Dialog>
  );
}

function linesOf(questions: string): string[] {
  return questions
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
}
