/**
 * Questions that the documents can answer, made from them: asked with one tap, judged with another. Below them some
 * that they cannot answer, each with a place for the answer.
 */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Link } from "wouter";
import { api, take } from "../../api/client";
import { assistantsQuery, documentsQuery } from "../../api/queries";
import { Button } from "../../design/Button";
import { Field } from "../../design/Field";
import { ErrorNote, ProgressLine, Skeleton } from "../../design/Parts";
import { useTooLong } from "../../shared/length/length";
import { Asked } from "./Asked";
import { Beyond } from "./Beyond";
import { Foot } from "./Foot";
import type { StepProps } from "./StartPage";
import css from "./start.module.css";
import { useStartWords } from "./words";

/** The longest question that is asked here, in characters. */
const LONGEST = 500;

/** Made anew when a document was read: its key begins like theirs. */
const samplesQuery = {
  queryKey: ["documents", "samples"],
  queryFn: async ({ signal }: { signal: AbortSignal }) =>
    await take(api.GET("/api/first-run/questions", { signal })),
};

export function QuestionsStep({ onNext, onBack }: StepProps) {
  const say = useStartWords();
  const assistant = useQuery(assistantsQuery).data?.[0];
  const samples = useQuery(samplesQuery);
  const documents = useInfiniteQuery(documentsQuery({}));
  const [own, setOwn] = useState<string[]>([]);
  const [text, setText] = useState("");
  const over = useTooLong()(text.trim(), LONGEST);
  const all = documents.data?.pages[0]?.items ?? [];
  const isReading = all.some(({ state }) => state === "pending" || state === "reading");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const question = text.trim();
    if (question === "" || over) return;
    if (!own.includes(question)) setOwn([...own, question]);
    setText("");
  };
  const beyond = samples.data?.unanswerable ?? [];
  const isEmpty = documents.data !== undefined && all.length === 0 && samples.data?.items.length === 0;
  return (
    <>
      {samples.isPending && <Skeleton lines={4} height={44} />}
      {samples.isError && !samples.data && (
        <ErrorNote error={samples.error} onRetry={() => void samples.refetch()} />
      )}
      {isReading && (
        <div>
          <p className={css.note}>{say("questions.reading")}</p>
          <ProgressLine label={say("questions.reading")} />
        </div>
      )}
      {isEmpty && (
        <p>
          {say("questions.none")} <Link href="/start/files">{say("questions.add")}</Link>
        </p>
      )}
      {!isEmpty && !isReading && samples.data?.items.length === 0 && (
        <p className={css.note}>{say("questions.nothing")}</p>
      )}
      {assistant && (
        <ul className={css.rows} aria-label={say("questions.list")}>
          {(samples.data?.items ?? []).map(({ question, document }) => (
            <Asked key={question} question={question} from={document} assistantId={assistant.id} />
          ))}
          {own.map((question) => (
            <Asked key={`own ${question}`} question={question} from={null} assistantId={assistant.id} isOwn />
          ))}
        </ul>
      )}
      <form onSubmit={submit} autoComplete="off">
        <Field
          label={say("questions.own")}
          placeholder={say("questions.example")}
          value={text}
          error={over}
          onChange={(event) => setText(event.target.value)}
          after={
            <Button type="submit" disabled={text.trim() === "" || over !== undefined}>
              {say("questions.ask")}
            </Button>
          }
        />
      </form>
      {beyond.length > 0 && (
        <section className={css.beyond} aria-labelledby="beyond">
          <h2 id="beyond">{say("questions.beyond")}</h2>
          <p className={css.note}>{say("questions.beyondAbout")}</p>
          <ul className={css.rows} aria-label={say("questions.beyond")}>
            {beyond.map((question) => (
              <Beyond key={question} question={question} />
            ))}
          </ul>
        </section>
      )}
      <Foot onBack={onBack} onNext={onNext} />
    </>
  );
}
