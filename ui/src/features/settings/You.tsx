/** One's own settings: look, password, the second step of signing in, where one is signed in. */
import { useQuery } from "@tanstack/react-query";
import { statusQuery } from "../../api/queries";
import { Section } from "../../design/Parts";
import { Account } from "./Account";
import { Look } from "./Look";
import { SecondStep } from "./people/SecondStep";
import { Sessions } from "./people/Sessions";
import { useWords } from "./words";

export function You() {
  const say = useWords();
  const status = useQuery(statusQuery);
  return (
    <div>
      <Section title={say("look.title")} about={say("look.about")}>
        <Look />
      </Section>
      <Section
        title={say("account.title")}
        about={status.data && say("status.version", { version: status.data.version })}
      >
        <Account />
      </Section>
      <SecondStep />
      <Sessions />
    </div>
  );
}
