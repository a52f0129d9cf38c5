/** One conversation: who holds it, what was said, where one writes, and the details beside it. */
import { useQuery } from "@tanstack/react-query";
import { ArrowLeft, Ban, CircleCheck, Ellipsis, PanelRight, RotateCcw, Tag } from "lucide-react";
import { type Ref, useImperativeHandle, useRef, useState } from "react";
import { useLocation } from "wouter";
import { useMay } from "../../api/may";
import { ApiProblem } from "../../api/problem";
import { Button, IconButton } from "../../design/Button";
import { Menu } from "../../design/Menu";
import { SidePanel } from "../../design/Panel";
import { ErrorNote, LookingNote, Skeleton } from "../../design/Parts";
import type { AnswerSide } from "../../shared/answer/side";
import { Assign } from "./Assign";
import { labelsQuery, rowQuery } from "./api";
import { Composer, type ComposerHandle } from "./Composer";
import css from "./conversation.module.css";
import { LabelNames } from "./LabelDots";
import { LabelsDialog } from "./LabelsDialog";
import { labelsOf } from "./labels";
import { Presence } from "./Presence";
import { Side, sideTitle } from "./Side";
import { StateBar } from "./StateBar";
import { Thread } from "./Thread";
import { useActs } from "./useActs";
import { usePresence } from "./usePresence";
import { useSending } from "./useSending";
import { useWords } from "./words";

export interface ConversationHandle {
  reply: () => void;
  /** Takes it, or hands it back. */
  turn: () => void;
  /** Closes it, or opens it again. */
  end: () => void;
  /** Opens its labels. */
  label: () => void;
  /** Opens whom it can be given to. */
  assign: () => void;
}

interface Props {
  ref: Ref<ConversationHandle>;
  id: string;
  me: string | undefined;
  /** The address of the list. */
  back: string;
  isNarrow: boolean;
  isDetailed: boolean;
  onDetailed: (isOpen: boolean) => void;
}

export function Conversation({ ref, id, me, back, isNarrow, isDetailed, onDetailed }: Props) {
  const say = useWords();
  const [, go] = useLocation();
  const query = useQuery(rowQuery(id));
  const row = query.data;
  const acts = useActs(id, row, me);
  const may = useMay();
  const sending = useSending(id);
  const presence = usePresence(id, me);
  const [isLabelling, setLabelling] = useState(false);
  const assigning = useRef<HTMLSpanElement>(null);
  const labels = labelsOf(row?.labels ?? [], useQuery(labelsQuery).data);
  const composer = useRef<ComposerHandle>(null);
  // What is opened about an answer lies on top of the details.
  const [side, setSide] = useState<AnswerSide[]>([]);
  const shown = side.at(-1);

  useImperativeHandle(ref, () => ({
    reply: () => composer.current?.reply(),
    turn: () => may.answer && acts.turn(),
    end: () => may.answer && acts.end(),
    label: () => may.answer && setLabelling(true),
    assign: () => assigning.current?.querySelector("button")?.click(),
  }));

  const backButton = isNarrow && (
    <IconButton
      label={say("thread.back")}
      icon={<ArrowLeft size={20} strokeWidth={1.5} />}
      onClick={() => go(back)}
    />
  );
  if (query.isError && !row) {
    const isGone = query.error instanceof ApiProblem && query.error.status === 404;
    return (
      <div className={css.conversation}>
        <div className={css.alone}>
          {backButton}
          <ErrorNote
            error={query.error}
            onRetry={() => void query.refetch()}
            action={
              isGone ? (
                <Button size="small" onClick={() => go(back)}>
                  {say("thread.back")}
                </Button>
              ) : undefined
            }
          />
        </div>
      </div>
    );
  }
  if (!row) {
    return (
      <div className={css.conversation}>
        <div className={css.head}>
          {backButton}
          <span className={css.coming}>
            <Skeleton height={20} />
          </span>
        </div>
        <div className={css.bar} data-coming="" />
        <div className={css.said}>
          <Skeleton height={44} />
          <Skeleton height={72} />
          <Skeleton height={44} />
        </div>
      </div>
    );
  }

  const name = row.contact_name || row.contact_username || say("list.nameless");
  const isClosed = row.handoff.state === "closed";
  const open = (next: AnswerSide) => {
    setSide([next]);
    if (!isDetailed) onDetailed(true);
  };
  const close = () => {
    setSide([]);
    onDetailed(false);
    composer.current?.focus();
  };
  return (
    <section className={css.conversation} aria-label={say("thread.label", { name })}>
      <header className={css.head}>
        {backButton}
        <h2 dir="auto">{name}</h2>
        <span className={css.channel}>{say(`channel.${row.channel}`)}</span>
        <Presence others={presence.others} />
        {may.answer && (
          <>
            <span ref={assigning} className={css.assign}>
              <Assign row={row} me={me} />
            </span>
            <span className={css.tag}>
              <IconButton
                label={say("labels.open")}
                icon={<Tag size={16} strokeWidth={1.5} />}
                onClick={() => setLabelling(true)}
              />
            </span>
          </>
        )}
        <IconButton
          label={say("thread.details")}
          pressed={isDetailed}
          icon={<PanelRight size={16} strokeWidth={1.5} />}
          onClick={() => (isDetailed ? close() : onDetailed(true))}
        />
        {may.answer && (
          <Menu
            trigger={
              <IconButton label={say("thread.more")} icon={<Ellipsis size={16} strokeWidth={1.5} />} />
            }
            entries={[
              {
                label: say("labels.open"),
                icon: <Tag size={16} strokeWidth={1.5} />,
                onPick: () => setLabelling(true),
              },
              isClosed
                ? {
                    label: say("thread.reopen"),
                    icon: <RotateCcw size={16} strokeWidth={1.5} />,
                    onPick: acts.end,
                  }
                : {
                    label: say("thread.close"),
                    icon: <CircleCheck size={16} strokeWidth={1.5} />,
                    onPick: acts.end,
                  },
              {
                label: say(row.is_banned ? "thread.unban" : "thread.ban"),
                icon: <Ban size={16} strokeWidth={1.5} />,
                danger: !row.is_banned,
                onPick: () => acts.ban(!row.is_banned),
              },
            ]}
          />
        )}
      </header>
      <StateBar row={row} me={me} acts={acts} mayAnswer={may.answer} />
      {labels.length > 0 && (
        <div className={css.labels}>
          <LabelNames labels={labels} />
        </div>
      )}
      <Thread
        row={row}
        name={name}
        me={me}
        shown={shown}
        unsent={sending.unsent}
        onOpen={open}
        onAgain={sending.again}
        onDiscard={sending.discard}
      />
      {may.answer ? (
        <Composer
          ref={composer}
          key={id}
          row={row}
          name={name}
          me={me}
          sending={sending}
          onTyped={presence.typed}
        />
      ) : (
        <div className={css.looking}>
          <LookingNote>{say("compose.looking")}</LookingNote>
        </div>
      )}
      {isLabelling && <LabelsDialog row={row} onClose={() => setLabelling(false)} />}
      <SidePanel
        open={isDetailed}
        quiet={shown === undefined}
        onClose={close}
        title={sideTitle(shown, say)}
        wide={shown?.kind === "source"}
      >
        {shown && (
          <div className={css.back}>
            <Button
              size="small"
              look="quiet"
              icon={<ArrowLeft size={16} strokeWidth={1.5} />}
              onClick={() => setSide((stack) => stack.slice(0, -1))}
            >
              {sideTitle(side.at(-2), say)}
            </Button>
          </div>
        )}
        <Side
          row={row}
          name={name}
          me={me}
          shown={shown}
          onOpen={(next) => setSide((stack) => [...stack, next])}
          onSide={(next) => setSide((stack) => [...stack.slice(0, -1), next])}
        />
      </SidePanel>
    </section>
  );
}
