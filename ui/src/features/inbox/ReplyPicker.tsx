/** The saved replies that fit what is typed after the slash. The keys stay in the field. */
import { Settings2 } from "lucide-react";
import { useEffect, useRef } from "react";
import { Button } from "../../design/Button";
import { useFormat } from "../../i18n/format";
import css from "./replies.module.css";
import type { SavedReply } from "./wire";
import { useWords } from "./words";

interface Props {
  id: string;
  choices: readonly SavedReply[];
  chosen: SavedReply | undefined;
  /** There is a saved reply at all. */
  isAny: boolean;
  onTake: (reply: SavedReply) => void;
  onManage: () => void;
}

export function ReplyPicker({ id, choices, chosen, isAny, onTake, onManage }: Props) {
  const say = useWords();
  const { language } = useFormat();
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (chosen) list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [chosen]);
  return (
    <div className={css.picker}>
      {choices.length === 0 && (
        <p className={css.none} role="status">
          {say(isAny ? "replies.none_fit" : "replies.none")}
        </p>
      )}
      <div ref={list} id={id} role="listbox" aria-label={say("replies.title")} className={css.list}>
        {choices.map((reply) => (
          // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the field, which names the chosen one
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field's keys choose
          <div
            key={reply.id}
            id={`${id}-${reply.id}`}
            role="option"
            aria-selected={reply === chosen}
            className={css.choice}
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => onTake(reply)}
          >
            <b>{reply.name}</b>
            <span className={css.words}>{reply.text}</span>
            {reply.language !== "" && <span className={css.language}>{language(reply.language)}</span>}
          </div>
        ))}
      </div>
      <div className={css.foot}>
        <span>{choices.length > 0 && say("replies.keys")}</span>
        <Button
          size="small"
          look="quiet"
          icon={<Settings2 size={14} strokeWidth={1.5} aria-hidden="true" />}
          onClick={onManage}
        >
          {say("replies.manage")}
        </Button>
      </div>
    </div>
  );
}
