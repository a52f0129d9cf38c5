/** Whether anything leaves this computer, and whom the program spoke to. For owners. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { api, take } from "../../../api/client";
import { networkQuery } from "../../../api/queries";
import type { Network } from "../../../api/types";
import { ErrorNote, Section, Skeleton } from "../../../design/Parts";
import { Toggle } from "../../../design/Toggle";
import styles from "../Settings.module.css";
import { Hosts } from "./Hosts";
import css from "./privacy.module.css";
import { useWords } from "./words";

const stops = ["telegram", "engines", "mail", "sites", "models", "updates"] as const;

export function Privacy() {
  const say = useWords();
  const network = useQuery(networkQuery);
  return (
    <div>
      <Section title={say("only.title")} about={say("only.about")}>
        {network.isPending && <Skeleton lines={5} height={52} />}
        {network.isError && <ErrorNote error={network.error} onRetry={() => void network.refetch()} />}
        {network.data && <OnlyHere network={network.data} />}
      </Section>
      <Section title={say("hosts.title")} about={say("hosts.about")}>
        <Hosts />
      </Section>
    </div>
  );
}

function OnlyHere({ network }: { network: Network }) {
  const say = useWords();
  const change = useMutation({
    mutationFn: (local_only: boolean) => take(api.PUT("/api/network", { body: { local_only } })),
    meta: { stale: ["settings"] },
  });
  const isOn = change.isPending ? change.variables : network.local_only;
  return (
    <div className={styles.form}>
      <Toggle
        label={say("only.on")}
        help={network.told ? say("only.told") : say("only.help")}
        checked={isOn}
        disabled={network.told}
        onChange={(on) => change.mutate(on)}
      />
      <div>
        <p className={css.what}>{isOn ? say("only.stopped") : say("only.stops")}</p>
        <ul className={css.list}>
          {stops.map((one) => (
            <li key={one}>{say(`stops.${one}`)}</li>
          ))}
        </ul>
      </div>
      <p className={styles.note}>{say("only.goesOn")}</p>
      {change.error && <ErrorNote error={change.error} />}
    </div>
  );
}
