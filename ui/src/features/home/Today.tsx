/** The day in four figures, in words above them. */
import { useFormat } from "../../i18n/format";
import css from "./home.module.css";
import type { Home } from "./wire";
import { useWords } from "./words";

const order = ["asked", "answered", "handed_over", "refused"] as const;

export function Today({ figures }: { figures: Home["today"] }) {
  const say = useWords();
  const format = useFormat();
  const words =
    figures.asked === 0
      ? say("today.quiet")
      : say("today.words", { count: figures.asked, answered: figures.answered });
  return (
    <section className={css.part} aria-labelledby="today">
      <h2 id="today">{say("today.title")}</h2>
      <p className={css.about}>{words}</p>
      <dl className={css.figures}>
        {order.map((one) => (
          <div key={one}>
            <dt>{say(`figure.${one}`)}</dt>
            <dd>{format.number(figures[one])}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
