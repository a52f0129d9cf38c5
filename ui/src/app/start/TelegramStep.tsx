/** The bot: its token with the checks, then how it fares while somebody writes to it. */
import { useQuery } from "@tanstack/react-query";
import { Send } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";
import { Button } from "../../design/Button";
import { ErrorNote, Skeleton } from "../../design/Parts";
import { AddBot } from "../../features/channels/AddBot";
import { botsQuery } from "../../features/channels/api";
import { BotRow } from "../../features/channels/BotRow";
import { linkTo } from "../../features/channels/state";
import { FirstMessage } from "./FirstMessage";
import { Foot } from "./Foot";
import type { StepProps } from "./StartPage";
import css from "./start.module.css";
import { useStartWords } from "./words";

export function TelegramStep({ onNext, onBack }: StepProps) {
  const say = useStartWords();
  const bots = useQuery(botsQuery);
  const [adding, setAdding] = useState(false);
  const close = () => setAdding(false);
  const all = bots.data ?? [];
  const last = all.at(-1);
  return (
    <>
      {bots.isPending && <Skeleton lines={2} height={40} />}
      {bots.isError && !bots.data && <ErrorNote error={bots.error} onRetry={() => void bots.refetch()} />}
      {all.length > 0 && (
        <ul className={css.rows} aria-label={say("telegram.bots")}>
          {all.map((bot) => (
            <BotRow key={bot.id} bot={bot} />
          ))}
        </ul>
      )}
      {last && (
        <p>
          {say("telegram.write")}{" "}
          <a href={linkTo(last.account.username)} target="_blank" rel="noreferrer">
            @{last.account.username}
          </a>
        </p>
      )}
      <FirstMessage isAwaited={all.length > 0} />
      <div className={css.ways}>
        <Button
          look={all.length === 0 ? "primary" : "plain"}
          icon={<Send size={16} strokeWidth={1.5} />}
          onClick={() => setAdding(true)}
        >
          {say(all.length === 0 ? "telegram.add" : "telegram.another")}
        </Button>
      </div>
      <p className={css.note}>
        {say("telegram.none")} <Link href="/channels?simulator=">{say("telegram.simulator")}</Link>
      </p>
      {adding && <AddBot onClose={close} onDone={close} />}
      <Foot
        onBack={onBack}
        onSkip={all.length === 0 ? onNext : undefined}
        onNext={onNext}
        isDisabled={all.length === 0}
      />
    </>
  );
}
