/** The end: what stands, and where it goes on. */
import { useQuery } from "@tanstack/react-query";
import { Circle, CircleCheck } from "lucide-react";
import { useLocation } from "wouter";
import { assistantsQuery, statusQuery } from "../../api/queries";
import { Button } from "../../design/Button";
import { botsQuery } from "../../features/channels/api";
import { Foot } from "./Foot";
import type { StepProps } from "./StartPage";
import css from "./start.module.css";
import { useStartWords } from "./words";

export function DoneStep({ onBack }: StepProps) {
  const say = useStartWords();
  const [, go] = useLocation();
  const status = useQuery(statusQuery).data;
  const assistant = useQuery(assistantsQuery).data?.[0];
  const bots = useQuery(botsQuery).data;
  const documents = status?.documents.total ?? 0;
  const engine = assistant?.settings.engine ?? "quotes";
  const stands = [
    {
      isDone: documents > 0,
      words: documents > 0 ? say("done.documents", { count: documents }) : say("done.noDocuments"),
    },
    {
      isDone: (assistant?.version ?? 1) > 1,
      words: say((assistant?.version ?? 1) > 1 ? "done.assistant" : "done.noAssistant", {
        name: assistant?.name ?? "",
      }),
    },
    { isDone: true, words: say(`done.${engine}`) },
    {
      isDone: (bots?.length ?? 0) > 0,
      words: bots?.[0] ? say("done.bot", { name: `@${bots[0].account.username}` }) : say("done.noBot"),
    },
  ];
  return (
    <>
      <ul className={css.stands} aria-label={say("done.list")}>
        {stands.map(({ isDone, words }) => (
          <li key={words} data-done={isDone || undefined}>
            {isDone ? (
              <CircleCheck size={20} strokeWidth={1.5} aria-hidden="true" />
            ) : (
              <Circle size={20} strokeWidth={1.5} aria-hidden="true" />
            )}
            {words}
          </li>
        ))}
      </ul>
      <div className={css.ways}>
        <Button onClick={() => go("/playground")}>{say("done.playground")}</Button>
        <Button onClick={() => go("/assistants")}>{say("done.assistants")}</Button>
      </div>
      <Foot onBack={onBack} onNext={() => go("/")} next={say("done.home")} />
    </>
  );
}
