/** Who else is in the conversation: initials, and in words whether somebody types. */
import type { Here } from "../../api/presence";
import { Tip } from "../../design/Tip";
import { useFormat } from "../../i18n/format";
import { initials } from "./holding";
import css from "./presence.module.css";
import { useWords } from "./words";

/** Faces that are shown; the rest is a number. */
const FEW = 3;

export function Presence({ others }: { others: readonly Here[] }) {
  const say = useWords();
  const { list, number } = useFormat();
  const typing = others.filter(({ isTyping }) => isTyping);
  const words = (people: readonly Here[], key: "here.typing" | "here.looking") =>
    say(key, { count: people.length, names: list(people.map(({ name }) => name)) });
  const told =
    typing.length > 0 ? words(typing, "here.typing") : others.length > 0 ? words(others, "here.looking") : "";
  return (
    <div className={css.here} role="status" data-typing={typing.length > 0 || undefined}>
      {others.length > 0 && (
        <Tip text={told}>
          <span className={css.faces} aria-hidden="true">
            {others.slice(0, FEW).map(({ memberId, name, isTyping }) => (
              <span key={memberId} className={css.face} data-typing={isTyping || undefined}>
                {initials(name) || "?"}
              </span>
            ))}
            {others.length > FEW && <span className={css.face}>+{number(others.length - FEW)}</span>}
          </span>
        </Tip>
      )}
      <span className={css.told}>{told}</span>
    </div>
  );
}
