/** Labels as they are shown: a dot of their colour, with the name beside it or for the ear only. */
import { useFormat } from "../../i18n/format";
import css from "./labels.module.css";
import type { Label } from "./wire";
import { useWords } from "./words";

/** Labels that a row has room for. */
const FEW = 1;

/** In a row of a list, where there is room for few. */
export function LabelDots({ labels }: { labels: readonly Label[] }) {
  const say = useWords();
  const { number, list } = useFormat();
  if (labels.length === 0) return null;
  const rest = labels.length - FEW;
  return (
    <span className={css.dots}>
      <span className="unseen">{say("labels.are", { names: list(labels.map(({ name }) => name)) })}</span>
      {labels.slice(0, FEW).map(({ id, name, colour }) => (
        <span key={id} className={css.dot} data-colour={colour} aria-hidden="true">
          {name}
        </span>
      ))}
      {rest > 0 && <span aria-hidden="true">+{number(rest)}</span>}
    </span>
  );
}

export function LabelNames({ labels }: { labels: readonly Label[] }) {
  const say = useWords();
  return (
    <ul className={css.names} aria-label={say("labels.title")}>
      {labels.map(({ id, name, colour }) => (
        <li key={id} className={css.chip} data-colour={colour}>
          {name}
        </li>
      ))}
    </ul>
  );
}
