/** How the bots are, a line each. */
import { Link } from "wouter";
import { Badge, type Tone } from "../../design/Parts";
import { useFormat } from "../../i18n/format";
import css from "./home.module.css";
import type { Bot } from "./wire";
import { useWords } from "./words";

type State = "off" | "starting" | "running" | "waits" | "unreachable" | "troubled";

const tones: Record<State, Tone> = {
  off: "plain",
  starting: "accent",
  running: "good",
  waits: "warn",
  unreachable: "warn",
  troubled: "danger",
};

export function Bots({ bots }: { bots: readonly Bot[] }) {
  const say = useWords();
  const format = useFormat();
  return (
    <section className={css.part} aria-labelledby="bots">
      <h2 id="bots">{say("bots.title")}</h2>
      <ul className={css.rows}>
        {bots.map((bot) => {
          const state = stateOf(bot);
          return (
            <li key={bot.id} className={css.row}>
              <p className={css.words}>
                <Link href={`/channels/${bot.id}`}>{bot.account.name}</Link>
                <span>
                  {bot.last_update_at === null
                    ? say("bots.never")
                    : say("bots.last", { ago: format.ago(bot.last_update_at) })}
                </span>
              </p>
              <Badge tone={tones[state]}>{say(`bot.${state === "unreachable" ? "troubled" : state}`)}</Badge>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function stateOf({ is_on, state }: Bot): State {
  if (!is_on) return "off";
  if (state.is === "troubled") {
    if (state.trouble === "limited") return "waits";
    return state.trouble === "unreachable" ? "unreachable" : "troubled";
  }
  return state.is === "running" ? "running" : "starting";
}
