/** Adding or changing a Q&A. */
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useId, useRef, useState } from "react";
import { api, take } from "../../api/client";
import type { Qa } from "../../api/types";
import { Button } from "../../design/Button";
import { Dialog } from "../../design/Dialog";
import { TextArea } from "../../design/Field";
import { ErrorNote } from "../../design/Parts";
import shared from "./Knowledge.module.css";
import { useWords } from "./words";

interface Props {
  qa: Qa | undefined;
  /** The question a new one starts with. */
  asked?: string | undefined;
  onClose: () => void;
}

export function QaForm({ qa, asked = "", onClose }: Props) {
  const say = useWords();
  const form = useId();
  // The first field that is still empty; the answer where the question is known.
  const start = useRef<HTMLTextAreaElement>(null);
  const isAsked = qa !== undefined || asked !== "";
  const [questions, setQuestions] = useState(qa?.questions.join("\n") ?? asked);
  const [answer, setAnswer] = useState(qa?.answer ?? "");
  const lines = questions
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
  const isWhole = lines.length > 0 && answer.trim() !== "";
  const save = useMutation({
    mutationFn: () => {
      const body = { questions: lines, answer: answer.trim() };
      if (qa) return take(api.PUT("/api/qa/{id}", { params: { path: { id: qa.id } }, body }));
      return take(api.POST("/api/qa", { body }));
    },
    meta: { stale: ["qa", "status"] },
    onSuccess: onClose,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isWhole) save.mutate();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={qa ? say("qa.edit") : say("qa.new")}
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
      <form id={form} className={shared.form} onSubmit={submit}>
        <TextArea
          ref={isAsked ? undefined : start}
          label={say("qa.questions")}
          help={say("qa.questionsHelp")}
          value={questions}
          onChange={(event) => setQuestions(event.target.value)}
          rows={3}
          required
        />
        <TextArea
          ref={isAsked ? start : undefined}
          label={say("qa.answer")}
          help={say("qa.answerHelp")}
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
