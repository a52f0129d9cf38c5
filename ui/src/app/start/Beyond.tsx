/** A question that the documents do not answer, with the one thing to do about it. */
import { CircleCheck, CircleQuestionMark, PenLine } from "lucide-react";
import { useState } from "react";
import { api, take } from "../../api/client";
import { Button } from "../../design/Button";
import { Badge } from "../../design/Parts";
import { QaForm } from "../../shared/qa/QaForm";
import css from "./start.module.css";
import { useStartWords } from "./words";

export function Beyond({ question }: { question: string }) {
  const say = useStartWords();
  const [isWriting, setWriting] = useState(false);
  const [isWritten, setWritten] = useState(false);
  return (
    <li className={css.asked}>
      <div className={css.question}>
        <CircleQuestionMark size={20} strokeWidth={1.5} aria-hidden="true" />
        <p dir="auto">{question}</p>
        {isWritten ? (
          <Badge tone="good" icon={<CircleCheck size={12} strokeWidth={2} aria-hidden="true" />}>
            {say("questions.rewritten")}
          </Badge>
        ) : (
          <Button
            size="small"
            icon={<PenLine size={16} strokeWidth={1.5} />}
            aria-label={say("questions.answerThis", { question })}
            onClick={() => setWriting(true)}
          >
            {say("questions.write")}
          </Button>
        )}
      </div>
      {isWriting && (
        <QaForm
          title={say("questions.writeTitle")}
          asked={question}
          onSave={(written) => take(api.POST("/api/qa", { body: written }))}
          stale={["home"]}
          onSaved={() => setWritten(true)}
          onClose={() => setWriting(false)}
        />
      )}
    </li>
  );
}
