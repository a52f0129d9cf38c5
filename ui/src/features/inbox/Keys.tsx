/** What the keys do, beside an empty page and behind the question mark. */
import { useRef } from "react";
import { useMay } from "../../api/may";
import { Dialog } from "../../design/Dialog";
import { Kbd } from "../../design/Parts";
import css from "./inbox.module.css";
import { useWords } from "./words";

const moving = [
  ["J", "none.next"],
  ["K", "none.previous"],
] as const;
const answering = [
  ["R", "none.reply"],
  ["T", "none.take"],
  ["E", "none.close"],
] as const;
const sorting = [
  ["L", "keys.labels"],
  ["A", "keys.assign"],
] as const;
const finding = [
  ["/", "keys.search"],
  ["?", "keys.help"],
] as const;

export function KeyList({ isShort = false, mayAnswer }: { isShort?: boolean; mayAnswer: boolean }) {
  const say = useWords();
  const keys = [
    ...moving,
    ...(mayAnswer ? answering : []),
    ...(mayAnswer && !isShort ? sorting : []),
    ...(isShort ? finding.slice(1) : finding),
  ];
  return (
    <dl className={css.keys}>
      {keys.map(([key, meaning]) => (
        <div key={key}>
          <dt>
            <Kbd>{key}</Kbd>
          </dt>
          <dd>{say(meaning)}</dd>
        </div>
      ))}
    </dl>
  );
}

export function KeysDialog({ onClose }: { onClose: () => void }) {
  const say = useWords();
  const may = useMay();
  const start = useRef<HTMLDivElement>(null);
  return (
    <Dialog
      open
      onClose={onClose}
      initialFocus={start}
      title={say("keys.title")}
      about={may.answer ? say("keys.about") : undefined}
    >
      <div ref={start} tabIndex={-1} className={css.quiet}>
        <KeyList mayAnswer={may.answer} />
      </div>
    </Dialog>
  );
}
