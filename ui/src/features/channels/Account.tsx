/** Who a token belongs to. */
import { CircleCheck } from "lucide-react";
import css from "./channels.module.css";
import type { BotAccount } from "./wire";

export function Account({ account }: { account: BotAccount }) {
  return (
    <p className={css.account}>
      <CircleCheck size={20} strokeWidth={1.5} aria-hidden="true" />
      <b dir="auto">{account.name}</b>
      <span>@{account.username}</span>
    </p>
  );
}
