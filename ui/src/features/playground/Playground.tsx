/** The Playground: a conversation with an assistant, its sources and the reasons of each answer beside it. */
import { useQuery } from "@tanstack/react-query";
import { ArrowLeft, History, SquarePen } from "lucide-react";
import { useCallback, useEffect, useRef, useState } from "react";
import { useLocation, useRoute } from "wouter";
import { useMay } from "../../api/may";
import { assistantsQuery } from "../../api/queries";
import type { Assistant } from "../../api/types";
import { Button, IconButton } from "../../design/Button";
import { Select } from "../../design/Field";
import { useMedia } from "../../design/media";
import { SidePanel } from "../../design/Panel";
import { ErrorNote, LookingNote, PageHead, Skeleton } from "../../design/Parts";
import { SourcePanel } from "../../shared/answer/SourcePanel";
import { TracePanel } from "../../shared/answer/TracePanel";
import { type AnswerSay, useAnswerWords } from "../../shared/answer/words";
import { Composer, type ComposerHandle } from "./Composer";
import { conversationQuery } from "./calls";
import { EarlierPanel } from "./EarlierPanel";
import { Empty } from "./Empty";
import css from "./playground.module.css";
import type { Side } from "./side";
import { Thread } from "./Thread";
import { useConversation } from "./useConversation";
import { type PlaygroundSay, useWords } from "./words";

export function Playground() {
  const t = useWords();
  const about = useAnswerWords();
  const [, navigate] = useLocation();
  const [, parameters] = useRoute("/playground/:conversation");
  const conversationId = parameters?.conversation;
  const [side, setSide] = useState<Side[]>([]);
  const composer = useRef<ComposerHandle>(null);
  const may = useMay();
  const { assistant, all, isMissing, choose, failed, retry } = useAssistant(conversationId);
  const onStarted = useCallback((id: string) => navigate(`/playground/${id}`, { replace: true }), [navigate]);
  const held = useConversation({ conversationId, assistantId: assistant?.id, onStarted });
  const shown = side.at(-1);
  const before = side.at(-2);

  const open = (next: Side) => setSide([next]);
  const deeper = (next: Side) => setSide((stack) => [...stack, next]);
  const close = () => {
    setSide([]);
    composer.current?.focus();
  };
  const begin = () => {
    setSide([]);
    navigate("/playground");
    composer.current?.focus();
  };

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const isInside =
        event.target instanceof Element && event.target.closest("aside, [role=dialog]") !== null;
      if (event.key !== "Escape" || event.defaultPrevented || isInside) return;
      if (held.open) held.stop();
      else if (shown) close();
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  });

  const isGone = held.problem?.code === "not_found";
  const isEmpty = held.turns.length === 0 && conversationId === undefined;
  return (
    <div className={css.page}>
      <div className={css.main}>
        <div className={css.head}>
          <PageHead
            title={t("play.title")}
            about={t("play.purpose")}
            actions={
              <>
                <AssistantChoice all={all} chosen={assistant} onChoose={choose} isFixed={!isEmpty} />
                <IconButton
                  label={t("play.earlier")}
                  pressed={shown?.kind === "earlier"}
                  icon={<History size={16} strokeWidth={1.5} />}
                  onClick={() => (shown?.kind === "earlier" ? close() : open({ kind: "earlier" }))}
                />
                {may.answer && <NewButton onClick={begin} isDisabled={isEmpty} />}
              </>
            }
          />
        </div>
        {held.isOpening && (
          <div className={css.opening}>
            {held.problem ? (
              <ErrorNote
                error={held.problem}
                onRetry={held.reopen}
                action={isGone ? <NewButton onClick={begin} isDisabled={false} /> : undefined}
              />
            ) : (
              <Skeleton lines={5} height={20} />
            )}
          </div>
        )}
        {failed && (
          <div className={isEmpty ? `${css.opening} ${css.instead}` : css.opening}>
            <ErrorNote error={failed} onRetry={retry} />
          </div>
        )}
        {isEmpty && failed ? null : isEmpty ? (
          <Empty assistant={assistant} isMissing={isMissing} onAsk={may.answer ? held.say : undefined} />
        ) : (
          <Thread
            turns={held.turns}
            name={assistant?.name ?? t("play.assistant")}
            shown={shown}
            onOpen={open}
            onAgain={held.again}
            onWithdraw={held.withdraw}
            onEdit={(question) => composer.current?.edit(question)}
          />
        )}
        {may.answer ? (
          <Composer
            ref={composer}
            isAnswering={held.open !== undefined}
            isDisabled={assistant === undefined || isGone}
            lastQuestion={held.turns.at(-1)?.question}
            onSay={held.say}
            onStop={held.stop}
          />
        ) : (
          <div className={css.looking}>
            <LookingNote>{t("play.looking")}</LookingNote>
          </div>
        )}
      </div>
      <SidePanel
        open={shown !== undefined}
        title={shown ? panelTitle(shown, t, about) : ""}
        wide={shown?.kind === "source"}
        onClose={close}
      >
        {before && (
          <div className={css.back}>
            <Button
              size="small"
              look="quiet"
              icon={<ArrowLeft size={16} strokeWidth={1.5} />}
              onClick={() => setSide((stack) => stack.slice(0, -1))}
            >
              {panelTitle(before, t, about)}
            </Button>
          </div>
        )}
        {shown?.kind === "source" && (
          <SourcePanel side={shown} onSide={(next) => setSide((stack) => [...stack.slice(0, -1), next])} />
        )}
        {shown?.kind === "trace" && <TracePanel messageId={shown.messageId} onOpen={deeper} />}
        {shown?.kind === "earlier" && <EarlierPanel current={conversationId} onChosen={() => setSide([])} />}
      </SidePanel>
    </div>
  );
}

function NewButton({ onClick, isDisabled }: { onClick: () => void; isDisabled: boolean }) {
  const t = useWords();
  const isNarrow = useMedia("(width < 640px)");
  const icon = <SquarePen size={16} strokeWidth={1.5} />;
  if (isNarrow)
    return <IconButton label={t("play.new")} icon={icon} onClick={onClick} disabled={isDisabled} />;
  return (
    <Button icon={icon} onClick={onClick} disabled={isDisabled}>
      {t("play.new")}
    </Button>
  );
}

function panelTitle(side: Side, t: PlaygroundSay, about: AnswerSay): string {
  if (side.kind === "source") return about("source.list");
  if (side.kind === "earlier") return t("play.earlier");
  if (side.became === "refused") return t("play.why_refused");
  return side.became === "stopped" ? t("play.how_far") : about("trace.title");
}

function useAssistant(conversationId: string | undefined) {
  const list = useQuery(assistantsQuery);
  const held = useQuery({
    ...conversationQuery(conversationId ?? ""),
    enabled: conversationId !== undefined,
  });
  const [chosen, choose] = useState<string>();
  const wanted = held.data?.assistant_id ?? chosen;
  const assistant = list.data?.find((one) => one.id === wanted) ?? list.data?.[0];
  return {
    assistant,
    all: list.data ?? [],
    isMissing: list.data?.length === 0,
    choose,
    failed: list.data ? null : list.error,
    retry: () => void list.refetch(),
  };
}

type ChoiceProps = {
  all: readonly Assistant[];
  chosen: Assistant | undefined;
  isFixed: boolean;
  onChoose: (id: string) => void;
};

function AssistantChoice({ all, chosen, isFixed, onChoose }: ChoiceProps) {
  const t = useWords();
  if (all.length < 2 || !chosen) return null;
  return (
    <Select
      label={t("play.assistant")}
      labelHidden
      value={chosen.id}
      disabled={isFixed}
      options={all.map(({ id, name }) => ({ value: id, label: name }))}
      onChange={(event) => onChoose(event.target.value)}
    />
  );
}
