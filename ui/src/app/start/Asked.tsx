/** One question: asked with a tap, its answer with the proof, and whether that is right. */
import { useMutation } from "@tanstack/react-query";
import { CircleCheck, MessageCircleQuestion, PenLine, ThumbsDown, ThumbsUp } from "lucide-react";
import { useEffect, useState } from "react";
import { useLocation } from "wouter";
import { api, take } from "../../api/client";
import { ApiProblem } from "../../api/problem";
import { Button } from "../../design/Button";
import { Badge, ErrorNote, ProgressLine } from "../../design/Parts";
import { ask, startConversation } from "../../features/playground/calls";
import type { Message } from "../../features/playground/wire";
import { AnswerBody } from "../../shared/answer/AnswerBody";
import { SourceChips } from "../../shared/answer/SourceChips";
import { QaForm } from "../../shared/qa/QaForm";
import css from "./start.module.css";
import { useStartWords } from "./words";

interface Props {
  question: string;
  /** The document that it was made from. */
  from: string | null;
  assistantId: string;
  /** Typed here: it is asked at once. */
  isOwn?: boolean;
}

export function Asked({ question, from, assistantId, isOwn = false }: Props) {
  const say = useStartWords();
  const [, go] = useLocation();
  const [judged, setJudged] = useState<"right" | "rewritten">();
  const [isWriting, setWriting] = useState(false);
  const { mutate, data, error, isPending, isIdle } = useMutation({
    mutationFn: () => answerTo(question, assistantId),
    meta: { stale: ["conversations"] },
  });
  useEffect(() => {
    if (isOwn && isIdle) mutate();
  }, [isOwn, isIdle, mutate]);
  const isAnswered = data?.outcome === "answered" || data?.outcome === "answered_by_qa";
  const open = (index: number) => {
    const citation = data?.citations[index];
    if (citation) go(`/knowledge/documents/${citation.document_id}`);
  };
  return (
    <li className={css.asked}>
      <div className={css.question}>
        <MessageCircleQuestion size={20} strokeWidth={1.5} aria-hidden="true" />
        <p dir="auto">
          {question}
          {from && <small>{say("questions.from", { document: from })}</small>}
        </p>
        {judged && (
          <Badge tone="good" icon={<CircleCheck size={12} strokeWidth={2} aria-hidden="true" />}>
            {say(`questions.${judged}`)}
          </Badge>
        )}
        {!data && (
          <Button
            size="small"
            busy={isPending}
            aria-label={say("questions.askThis", { question })}
            onClick={() => mutate()}
          >
            {say("questions.ask")}
          </Button>
        )}
      </div>
      {isPending && <ProgressLine label={say("questions.asking")} tone="ai" />}
      {error && <ErrorNote error={error} onRetry={() => mutate()} />}
      <div role="status">
        {data && (
          <div className={css.answer}>
            <AnswerBody text={data.text} sources={data.citations} onSource={(number) => open(number - 1)} />
            <SourceChips citations={data.citations} messageId={data.id} shown={undefined} onOpen={open} />
            {!isAnswered && <p className={css.note}>{say("questions.refused")}</p>}
          </div>
        )}
      </div>
      {data && !judged && (
        <div className={css.judge}>
          {isAnswered && (
            <Button
              size="small"
              icon={<ThumbsUp size={16} strokeWidth={1.5} />}
              onClick={() => setJudged("right")}
            >
              {say("questions.isRight")}
            </Button>
          )}
          <Button
            size="small"
            icon={
              isAnswered ? (
                <ThumbsDown size={16} strokeWidth={1.5} />
              ) : (
                <PenLine size={16} strokeWidth={1.5} />
              )
            }
            onClick={() => setWriting(true)}
          >
            {say(isAnswered ? "questions.isWrong" : "questions.write")}
          </Button>
        </div>
      )}
      {isWriting && (
        <QaForm
          title={say("questions.writeTitle")}
          asked={question}
          onSave={(written) => take(api.POST("/api/qa", { body: written }))}
          stale={["home"]}
          onSaved={() => setJudged("rewritten")}
          onClose={() => setWriting(false)}
        />
      )}
    </li>
  );
}

/** The answer to one question in a conversation of its own, so that no question leans on another. */
async function answerTo(question: string, assistantId: string): Promise<Message> {
  const { id } = await startConversation(assistantId);
  const key = [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
  for await (const piece of ask(id, question, key, new AbortController().signal)) {
    if (piece.name === "done") return piece.message;
    if (piece.name === "failed") throw new ApiProblem(piece.code, 500);
  }
  throw new ApiProblem("unreachable", 0);
}
