/** The first message: what somebody writes to the bot appears here by itself, with the answer, its proof and its time. */
import { useQuery } from "@tanstack/react-query";
import { MessageCircle } from "lucide-react";
import { useLocation } from "wouter";
import { api, take } from "../../api/client";
import { ProgressLine } from "../../design/Parts";
import { useFormat } from "../../i18n/format";
import { AnswerBody } from "../../shared/answer/AnswerBody";
import { SourceChips } from "../../shared/answer/SourceChips";
import { lastExchange } from "./exchange";
import css from "./start.module.css";
import { useStartWords } from "./words";

/** The newest conversation with a bot; the key is a topic of `api/events.ts`, so that it is told anew as it moves. */
const newestQuery = {
  queryKey: ["inbox", "newest"],
  queryFn: async ({ signal }: { signal: AbortSignal }) => {
    const query = { channel: "telegram", limit: 1 } as const;
    return (await take(api.GET("/api/conversations", { params: { query }, signal }))).items[0] ?? null;
  },
};

const saidQuery = (id: string) => ({
  queryKey: ["conversations", id, "last"],
  queryFn: async ({ signal }: { signal: AbortSignal }) => {
    const params = { path: { id }, query: { limit: 20 } };
    return (await take(api.GET("/api/conversations/{id}/messages", { params, signal }))).items;
  },
  enabled: id !== "",
});

/** Nothing as long as nobody wrote and `isAwaited` is false. */
export function FirstMessage({ isAwaited }: { isAwaited: boolean }) {
  const say = useStartWords();
  const format = useFormat();
  const [, go] = useLocation();
  const conversation = useQuery(newestQuery).data;
  const messages = useQuery(saidQuery(conversation?.id ?? "")).data;
  const exchange = lastExchange(messages ?? []);
  if (!exchange && !isAwaited) return null;
  const { asked, answered, took = 0 } = exchange ?? {};
  const isPersons = conversation?.handoff.state !== "ai" && !answered;
  const outcome = answered?.outcome === "refused" ? "first.refused" : "first.answered";
  return (
    <section className={css.first} aria-labelledby="first-message">
      <h2 id="first-message">{say("first.title")}</h2>
      <div role="status" className={css.firstBody}>
        {!asked && <p className={css.note}>{say("first.waiting")}</p>}
        {asked && (
          <div className={css.question}>
            <MessageCircle size={20} strokeWidth={1.5} aria-hidden="true" />
            <p dir="auto">
              <small>{say("first.you")}</small>
              {asked.text}
            </p>
          </div>
        )}
        {answered && (
          <div className={css.answer}>
            <AnswerBody text={answered.text} sources={answered.citations} />
            <SourceChips
              citations={answered.citations}
              messageId={answered.id}
              shown={undefined}
              onOpen={(index) => {
                const citation = answered.citations[index];
                if (citation) go(`/knowledge/documents/${citation.document_id}`);
              }}
            />
            <p className={css.note}>{say(outcome, { took: format.duration(took) })}</p>
          </div>
        )}
        {asked && isPersons && <p className={css.note}>{say("first.person")}</p>}
      </div>
      {asked && !answered && !isPersons && <ProgressLine label={say("first.answering")} tone="ai" />}
    </section>
  );
}
