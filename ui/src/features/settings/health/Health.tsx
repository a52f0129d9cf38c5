/** Logs and health: whether all is well, what was given up, and what the program said lately. For admins and owners. */
import { Section } from "../../../design/Parts";
import { Findings } from "./Findings";
import { GivenUp } from "./GivenUp";
import { LogLines } from "./LogLines";
import { useWords } from "./words";

export function Health() {
  const say = useWords();
  return (
    <div>
      <Section title={say("found.title")} about={say("found.about")}>
        <Findings />
      </Section>
      <Section title={say("dead.title")} about={say("dead.about")}>
        <GivenUp />
      </Section>
      <Section title={say("log.title")} about={say("log.about")}>
        <LogLines />
      </Section>
    </div>
  );
}
