/** One question and what became of it. */
import { useQuery } from "@tanstack/react-query";
import { CircleHelp, Copy, CopyCheck, MessageSquarePlus, PenLine, Sparkles } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";
import { useMay } from "../../api/may";
import { traceQuery } from "../../api/queries";
import { useFormat } from "../../i18n/format";
import { AnswerBody } from "../../shared/answer/AnswerBody";
import { SourceChips } from "../../shared/answer/SourceChips";
import { doing, engineName, outcomeName, whyRefused } from "../../shared/answer/trace";
import { useAnswerWords } from "../../shared/answer/words";
import { Failed } from "./Failed";
import type { Side } from "./side";
import css from "./thread.module.css";
import type { Turn } from "./turns";
import type { Message, Step } from "./wire";
import { useWords } from "./words";

type Props = {
  turn: Turn;
  name: string;
  shown: Side | undefined;
  onOpen: (side: Side) => void;
  onAgain: () => void;
  onWithdraw: () => void;
  onEdit: () => void;
};

export function TurnView({ turn, name, shown, onOpen, onAgain, onWithdraw, onEdit }: Props) {
  const t = useWords();
  const { clock } = useFormat();
  return (
    <>
      <div className={css.question}>
        <button
          type="button"
          className={css.edit}
          onClick={onEdit}
          aria-label={t("play.edit")}
          title={t("play.edit")}
        >
          <PenLine size={16} strokeWidth={1.5} aria-hidden />
        </button>
        <p className={css.asked} dir="auto" title={clock(turn.askedAt)}>
          <span className="unseen">{t("play.you")}: </span>
          {turn.question}
        </p>
      </div>
      {turn.answer?.outcome === "stopped" && (
        <Stopped answer={turn.answer} name={name} shown={shown} onOpen={onOpen} onAgain={onEdit} />
      )}
      {turn.answer && turn.answer.outcome !== "stopped" && (
        <Answer answer={turn.answer} turn={turn} name={name} shown={shown} onOpen={onOpen} />
      )}
      {turn.state === "done" && !turn.answer && <p className={css.note}>{t("play.joined")}</p>}
      {turn.state === "failed" && <Failed turn={turn} onAgain={onAgain} onWithdraw={onWithdraw} />}
      {!turn.answer && turn.state !== "failed" && turn.state !== "done" && <Coming turn={turn} name={name} />}
    </>
  );
}

/** An answer on its way: its words, or what is being done until there are any. */
function Coming({ turn, name }: { turn: Turn; name: string }) {
  const t = useWords();
  const about = useAnswerWords();
  const isStopped = turn.state === "stopped";
  const isLost = turn.state === "lost";
  return (
    <article
      className={css.answer}
      data-answer=""
      data-coming=""
      tabIndex={-1}
      aria-label={t("play.answer_by", { name })}
    >
      <Mark />
      <div className={css.said}>
        {turn.draft ? (
          <div className={css.bubble}>
            <AnswerBody text={turn.draft} sources={[]} isGrowing={!isStopped && !isLost} />
          </div>
        ) : (
          !isStopped && (
            <p className={css.doing}>
              {doing(turn.steps, about)}
              <span className={css.caret} aria-hidden="true" />
            </p>
          )
        )}
        {turn.draft && !isStopped && !isLost && <p className={css.note}>{t("play.unchecked")}</p>}
        {isLost && (
          <p className={css.note} role="status">
            {navigator.onLine ? t("play.lost") : t("play.offline")}
          </p>
        )}
        {isStopped && (
          <p className={css.note} role="status">
            {t("play.stopping")}
          </p>
        )}
      </div>
    </article>
  );
}

/** What was shown of an answer that was stopped; its sources were never checked. */
function Stopped({
  answer,
  name,
  shown,
  onOpen,
  onAgain,
}: Omit<AnswerProps, "turn"> & { onAgain: () => void }) {
  const t = useWords();
  const { clock } = useFormat();
  const isTraced = shown?.kind === "trace" && shown.messageId === answer.id;
  return (
    <article
      className={css.answer}
      data-answer=""
      data-outcome="stopped"
      tabIndex={-1}
      aria-label={t("play.answer_by", { name })}
    >
      <Mark isRefused />
      <div className={css.said}>
        {answer.text !== "" && (
          <div className={css.bubble} title={clock(answer.created_at)}>
            <AnswerBody text={answer.text} sources={[]} />
          </div>
        )}
        <p className={css.note}>{t(answer.text === "" ? "play.stopped_empty" : "play.stopped")}</p>
        <div className={css.foot}>
          <button type="button" className={css.action} onClick={onAgain}>
            <PenLine size={16} strokeWidth={1.5} aria-hidden />
            {t("play.ask_again")}
          </button>
          <button
            type="button"
            className={css.action}
            aria-pressed={isTraced}
            onClick={() => onOpen({ kind: "trace", messageId: answer.id, became: "stopped" })}
          >
            <CircleHelp size={16} strokeWidth={1.5} aria-hidden />
            {t("play.how_far")}
          </button>
        </div>
      </div>
    </article>
  );
}

type AnswerProps = {
  answer: Message;
  turn: Turn;
  name: string;
  shown: Side | undefined;
  onOpen: (side: Side) => void;
};

function Answer({ answer, turn, name, shown, onOpen }: AnswerProps) {
  const t = useWords();
  const about = useAnswerWords();
  const { clock } = useFormat();
  const isRefused = answer.outcome === "refused";
  const may = useMay();
  const isTraced = shown?.kind === "trace" && shown.messageId === answer.id;
  const openSource = (index: number) =>
    onOpen({ kind: "source", messageId: answer.id, places: answer.citations, index });
  const openNumber = (number: number) =>
    openSource(
      Math.max(
        0,
        answer.citations.findIndex((citation) => citation.number === number),
      ),
    );
  return (
    <article
      className={css.answer}
      data-answer=""
      data-outcome={answer.outcome ?? undefined}
      tabIndex={-1}
      aria-label={t("play.answer_by", { name })}
    >
      <Mark isRefused={isRefused} />
      <div className={css.said}>
        <div className={css.bubble} title={clock(answer.created_at)}>
          <AnswerBody text={answer.text} sources={answer.citations} onSource={openNumber} />
        </div>
        {isRefused && <Refused messageId={answer.id} steps={turn.steps} />}
        <SourceChips citations={answer.citations} messageId={answer.id} shown={shown} onOpen={openSource} />
        <div className={css.foot}>
          <span>
            {answer.outcome ? outcomeName(answer.outcome, about) : ""}
            {answer.outcome === "answered" && ` · ${engineName(answer.engine, about)}`}
          </span>
          <button
            type="button"
            className={css.action}
            aria-pressed={isTraced}
            onClick={() =>
              onOpen({ kind: "trace", messageId: answer.id, became: isRefused ? "refused" : undefined })
            }
          >
            <CircleHelp size={16} strokeWidth={1.5} aria-hidden />
            {isRefused ? t("play.why_refused") : t("play.why")}
          </button>
          {isRefused && may.change && (
            <Link className={css.action} href={`/knowledge/qa?question=${encodeURIComponent(turn.question)}`}>
              <MessageSquarePlus size={16} strokeWidth={1.5} aria-hidden />
              {t("play.add_qa")}
            </Link>
          )}
          <CopyButton text={answer.text} />
        </div>
      </div>
    </article>
  );
}

function Refused({ messageId, steps }: { messageId: string; steps: readonly Step[] }) {
  const about = useAnswerWords();
  const { percent } = useFormat();
  const kept = useQuery({ ...traceQuery(messageId), enabled: steps.length === 0 });
  return (
    <p className={css.because}>
      {whyRefused(steps.length > 0 ? steps : (kept.data?.steps ?? []), about, percent)}
    </p>
  );
}

function Mark({ isRefused = false }: { isRefused?: boolean }) {
  return (
    <span className={css.mark} data-refused={isRefused || undefined} aria-hidden="true">
      <Sparkles size={16} strokeWidth={1.5} />
    </span>
  );
}

/** How long "copied" is shown, in milliseconds. */
const COPIED = 2000;

function CopyButton({ text }: { text: string }) {
  const t = useWords();
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text.replace(/\s?\[\d{1,2}\]/g, ""));
    setCopied(true);
    setTimeout(() => setCopied(false), COPIED);
  };
  const Icon = isCopied ? CopyCheck : Copy;
  const label = isCopied ? t("play.copied") : t("play.copy");
  return (
    <button type="button" className={css.icon} onClick={() => void copy()} aria-label={label} title={label}>
      <Icon size={16} strokeWidth={1.5} aria-hidden />
    </button>
  );
}
