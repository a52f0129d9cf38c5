/** What can be switched in BotFather, how it stands, and what to send him to change it. */
import { CircleCheck, CircleDashed } from "lucide-react";
import css from "./channels.module.css";
import type { BotAccount } from "./wire";
import { useWords } from "./words";

const things = [
  { key: "groups", isOn: (account: BotAccount) => account.can_join_groups, command: "/setjoingroups" },
  { key: "privacy", isOn: (account: BotAccount) => !account.reads_all_in_groups, command: "/setprivacy" },
  {
    key: "business",
    isOn: (account: BotAccount) => account.can_connect_to_business,
    command: "/mybots",
  },
] as const;

export function BotFatherList({ account }: { account: BotAccount }) {
  const say = useWords();
  return (
    <ul className={css.checks}>
      {things.map(({ key, isOn, command }) => {
        const isSet = isOn(account);
        const Icon = isSet ? CircleCheck : CircleDashed;
        return (
          <li key={key} data-state={isSet ? "good" : "skipped"}>
            <Icon size={16} strokeWidth={1.75} aria-hidden="true" />
            <div>
              <b>{say(isSet ? `father.${key}_on` : `father.${key}_off`)}</b>
              <p>
                {say(`father.${key}_why`)}{" "}
                {!isSet && (
                  <>
                    {say(`father.${key}_do`)} <code>{command}</code>
                  </>
                )}
              </p>
            </div>
          </li>
        );
      })}
    </ul>
  );
}
