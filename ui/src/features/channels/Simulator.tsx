/** The simulator: a phone beside the page, in which one plays the customer, a group, and the operators. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { FlaskConical } from "lucide-react";
import { useState } from "react";
import { assistantsQuery } from "../../api/queries";
import { Button } from "../../design/Button";
import { Field, Select } from "../../design/Field";
import { Chip, EmptyState, ErrorNote, Skeleton } from "../../design/Parts";
import { endSimulator, startSimulator } from "./api";
import { Phone } from "./Phone";
import css from "./simulator.module.css";
import { useSimulator } from "./useSimulator";
import type { Room, SimulatorChat, Simulator as World } from "./wire";
import { useWords } from "./words";

const rooms = ["private", "group", "staff"] as const satisfies readonly Room[];

export default function Simulator() {
  const { scene, error, restart } = useSimulator();
  if (!scene) {
    return (
      <div className={css.pad}>
        {error ? <ErrorNote error={error} onRetry={restart} /> : <Skeleton lines={5} height={20} />}
      </div>
    );
  }
  if (scene.bot_id === null) return <Start onStarted={restart} />;
  return <Running scene={scene} isLost={error !== undefined} onEnded={restart} />;
}

function Start({ onStarted }: { onStarted: () => void }) {
  const say = useWords();
  const assistants = useQuery(assistantsQuery).data ?? [];
  const [chosen, setChosen] = useState<string>();
  const assistant = chosen ?? assistants[0]?.id;
  const start = useMutation({
    mutationFn: (id: string) => startSimulator(id),
    meta: { stale: ["bots"] },
    onSuccess: onStarted,
  });
  return (
    <div className={css.pad}>
      <EmptyState
        drawing={<FlaskConical size={40} strokeWidth={1} aria-hidden="true" />}
        title={say("simulator.empty")}
        action={
          <Button
            look="primary"
            busy={start.isPending}
            disabled={!assistant}
            onClick={() => assistant && start.mutate(assistant)}
          >
            {say("simulator.start")}
          </Button>
        }
      >
        {say("simulator.empty_about")}
      </EmptyState>
      {assistants.length > 1 && (
        <Select
          label={say("add.assistant")}
          value={assistant}
          options={assistants.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={(event) => setChosen(event.target.value)}
        />
      )}
      {start.isError && <ErrorNote error={start.error} />}
    </div>
  );
}

function Running({ scene, isLost, onEnded }: { scene: World; isLost: boolean; onEnded: () => void }) {
  const say = useWords();
  const [room, setRoom] = useState<Room>("private");
  const [customer, setCustomer] = useState(() => say("simulator.customer"));
  const [operator, setOperator] = useState(() => say("simulator.operator"));
  const [topic, setTopic] = useState<number>();
  const end = useMutation({
    mutationFn: endSimulator,
    meta: { stale: ["bots", "inbox"] },
    onSuccess: onEnded,
  });
  const isStaff = room === "staff";
  const name = (isStaff ? operator : customer).trim();
  const topics = scene.chats.filter((chat) => chat.kind === "staff" && chat.topic !== 0);
  const chosen = topics.find((chat) => chat.topic === topic) ?? topics.at(-1);
  const chat = chatOf(scene.chats, room, name, chosen?.topic ?? 0);
  return (
    <div className={css.simulator}>
      <div className={css.controls}>
        {/* biome-ignore lint/a11y/useSemanticElements: a switch of three buttons is no group of fields */}
        <div className={css.rooms} role="group" aria-label={say("simulator.rooms")}>
          {rooms.map((one) => (
            <button key={one} type="button" aria-pressed={room === one} onClick={() => setRoom(one)}>
              {say(`simulator.${one}`)}
            </button>
          ))}
        </div>
        <Field
          label={say(isStaff ? "simulator.operator_name" : "simulator.customer_name")}
          maxLength={60}
          value={isStaff ? operator : customer}
          onChange={(event) => (isStaff ? setOperator : setCustomer)(event.target.value)}
        />
        {isStaff && topics.length > 0 && (
          <div className={css.topics}>
            {topics.map((one) => (
              <Chip key={one.topic} pressed={one.topic === chosen?.topic} onClick={() => setTopic(one.topic)}>
                {one.title}
              </Chip>
            ))}
          </div>
        )}
      </div>
      <Phone
        key={`${room} ${name} ${chosen?.topic}`}
        chat={chat}
        place={{ name, room, topic: isStaff ? (chosen?.topic ?? 0) : 0 }}
        isLost={isLost}
      />
      <p className={css.foot}>
        <span>{say("simulator.local")}</span>
        <Button size="small" look="quiet" busy={end.isPending} onClick={() => end.mutate()}>
          {say("simulator.end")}
        </Button>
      </p>
      {end.isError && <ErrorNote error={end.error} />}
    </div>
  );
}

function chatOf(
  chats: readonly SimulatorChat[],
  room: Room,
  name: string,
  topic: number,
): SimulatorChat | undefined {
  const there = chats.filter((chat) => chat.kind === room);
  if (room === "private") return there.find((chat) => chat.title === name);
  if (room === "group") return there[0];
  return there.find((chat) => chat.topic === topic);
}
