/** Channels: the bots and how they fare; a bot's own page; the simulator beside them. */
import { useQuery } from "@tanstack/react-query";
import { FlaskConical, Plus } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useSearchParams } from "wouter";
import { useMay } from "../../api/may";
import { Button } from "../../design/Button";
import { SidePanel } from "../../design/Panel";
import { EmptyState, ErrorNote, LookingNote, PageHead, Skeleton } from "../../design/Parts";
import { AddBot } from "./AddBot";
import { botsQuery } from "./api";
import { BotRow } from "./BotRow";
import css from "./channels.module.css";
import { Drawing } from "./Drawing";
import { useWords } from "./words";

const BotPage = lazy(() => import("./BotPage"));
const Simulator = lazy(() => import("./Simulator"));

export default function ChannelsPage({ params: { id } }: { params: { id?: string } }) {
  const say = useWords();
  // The address keeps the simulator open, so that it can be linked to and gone back from.
  const [address, setAddress] = useSearchParams();
  const may = useMay();
  const isSimulated = may.change && address.has("simulator");
  const simulate = (isOpen: boolean) => setAddress(isOpen ? { simulator: "" } : {}, { replace: true });
  return (
    <div className={css.page}>
      <Suspense fallback={<Skeleton lines={6} height={28} />}>
        {id === undefined ? (
          <Bots isSimulated={isSimulated} onSimulate={simulate} />
        ) : (
          <BotPage key={id} id={id} onSimulate={() => simulate(true)} />
        )}
      </Suspense>
      <SidePanel open={isSimulated} onClose={() => simulate(false)} title={say("simulator.title")} wide>
        <Suspense fallback={<div className={css.pad} />}>
          <Simulator />
        </Suspense>
      </SidePanel>
    </div>
  );
}

function Bots({ isSimulated, onSimulate }: { isSimulated: boolean; onSimulate: (isOpen: boolean) => void }) {
  const say = useWords();
  const [isAdding, setAdding] = useState(false);
  const bots = useQuery(botsQuery);
  const none = bots.data?.length === 0;
  const may = useMay();
  return (
    <>
      <PageHead
        title={say("title")}
        about={say("about")}
        actions={
          may.change && (
            <>
              <Button
                icon={<FlaskConical size={16} strokeWidth={1.5} aria-hidden="true" />}
                aria-pressed={isSimulated}
                onClick={() => onSimulate(!isSimulated)}
              >
                {say("simulator.try")}
              </Button>
              {!none && (
                <Button
                  look="primary"
                  icon={<Plus size={16} strokeWidth={1.75} aria-hidden="true" />}
                  onClick={() => setAdding(true)}
                >
                  {say("add.title")}
                </Button>
              )}
            </>
          )
        }
      />
      {!may.change && <LookingNote />}
      {bots.isError && !bots.data && <ErrorNote error={bots.error} onRetry={() => void bots.refetch()} />}
      {bots.isPending && <Skeleton lines={3} height={72} />}
      {none && (
        <EmptyState
          drawing={<Drawing />}
          title={say("empty.title")}
          action={
            may.change && (
              <Button look="primary" onClick={() => setAdding(true)}>
                {say("add.title")}
              </Button>
            )
          }
        >
          {say(may.change ? "empty.about" : "empty.looking")}
        </EmptyState>
      )}
      {bots.data && bots.data.length > 0 && (
        <ul className={css.bots} aria-label={say("list.label")}>
          {bots.data.map((bot) => (
            <BotRow key={bot.id} bot={bot} />
          ))}
        </ul>
      )}
      {isAdding && <AddBot onClose={() => setAdding(false)} />}
    </>
  );
}
