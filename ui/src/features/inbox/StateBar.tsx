/** Says in words who holds the conversation, with the one switch: AI or Me. */
import { Ban, CircleCheck, HandHelping, Sparkles, UserRound } from "lucide-react";
import { ErrorNote } from "../../design/Parts";
import { Tip } from "../../design/Tip";
import css from "./conversation.module.css";
import { holding, holdingWords, whyWords } from "./holding";
import type { Acts } from "./useActs";
import type { Row } from "./wire";
import { useWords } from "./words";

const icons = {
  ai: Sparkles,
  handed_back: Sparkles,
  requested: HandHelping,
  taken: UserRound,
  closed: CircleCheck,
} as const;

interface Props {
  row: Row;
  me: string | undefined;
  acts: Acts;
  /** Whoever may not answer sees who does, and no switch. */
  mayAnswer: boolean;
}

export function StateBar({ row, me, acts, mayAnswer }: Props) {
  const say = useWords();
  const { handoff } = row;
  const { isAi, isMine, other } = holding(handoff, me);
  const Icon = icons[handoff.state];
  const why = handoff.state === "requested" ? whyWords(handoff, say) : "";
  const mine = (
    <button
      type="button"
      aria-pressed={isMine}
      // Left where it can be reached and read: it says why it does nothing.
      aria-disabled={other !== null || undefined}
      onClick={() => other === null && !isMine && acts?.take()}
    >
      <UserRound size={16} strokeWidth={1.5} aria-hidden="true" />
      {say("switch.me")}
    </button>
  );
  return (
    <>
      <div className={css.bar} data-state={handoff.state}>
        <Icon size={16} strokeWidth={1.5} aria-hidden="true" />
        <p className={css.barWords} role="status">
          <b>{holdingWords(handoff, me, say)}</b>
          {why && <span>{why}</span>}
        </p>
        {mayAnswer && (
          // biome-ignore lint/a11y/useSemanticElements: a switch of two buttons is no group of fields
          <div className={css.switch} role="group" aria-label={say("switch.label")} aria-busy={acts.isBusy}>
            <button
              type="button"
              data-side="ai"
              aria-pressed={isAi}
              onClick={() => (handoff.state === "closed" ? acts.end() : !isAi && acts.handBack())}
            >
              <Sparkles size={16} strokeWidth={1.5} aria-hidden="true" />
              {say("switch.ai")}
            </button>
            {other === null ? mine : <Tip text={say("switch.other", { name: other })}>{mine}</Tip>}
          </div>
        )}
      </div>
      {row.is_banned && (
        <div className={css.banned}>
          <Ban size={16} strokeWidth={1.5} aria-hidden="true" />
          <p>{say("banned.banner")}</p>
          {mayAnswer && (
            <button type="button" onClick={() => acts.ban(false)}>
              {say("thread.unban")}
            </button>
          )}
        </div>
      )}
      {acts?.error && (
        <div className={css.problem}>
          <ErrorNote error={acts.error} />
        </div>
      )}
    </>
  );
}
