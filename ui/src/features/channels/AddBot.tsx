/** Adding a bot: its token, then who was found and what is worth switching in BotFather. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, useId, useRef, useState } from "react";
import { useLocation } from "wouter";
import { ApiProblem } from "../../api/problem";
import { assistantsQuery } from "../../api/queries";
import { Button } from "../../design/Button";
import { Dialog } from "../../design/Dialog";
import { Field, Select } from "../../design/Field";
import { ErrorNote } from "../../design/Parts";
import { Account } from "./Account";
import { addBot } from "./api";
import { BotFatherList } from "./BotFatherList";
import css from "./channels.module.css";
import { linkTo, tokenIn } from "./state";
import type { Bot } from "./wire";
import { useWords } from "./words";

interface Props {
  onClose: () => void;
  /** What comes after the bot is found, instead of its page. */
  onDone?: () => void;
}

export function AddBot({ onClose, onDone }: Props) {
  const [bot, setBot] = useState<Bot>();
  if (!bot) return <Token onFound={setBot} onClose={onClose} />;
  return <Found bot={bot} onClose={onClose} onDone={onDone} />;
}

function Token({ onFound, onClose }: { onFound: (bot: Bot) => void; onClose: () => void }) {
  const say = useWords();
  const form = useId();
  const start = useRef<HTMLInputElement>(null);
  const assistants = useQuery(assistantsQuery).data ?? [];
  const [pasted, setPasted] = useState("");
  const [chosen, setChosen] = useState<string>();
  const assistant = chosen ?? assistants[0]?.id;
  const token = tokenIn(pasted);
  const add = useMutation({
    mutationFn: (of: { token: string; assistant: string }) => addBot(of.token, of.assistant),
    meta: { stale: ["bots"] },
    onSuccess: onFound,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (token && assistant) add.mutate({ token, assistant });
  };
  const { error } = add;
  const isRefused = error instanceof ApiProblem && error.field === "token";
  const isHere = error instanceof ApiProblem && error.code === "conflict";
  const wrong = isRefused
    ? say("add.refused")
    : isHere
      ? say("add.here")
      : pasted.trim() !== "" && !token
        ? say("add.shape")
        : undefined;
  return (
    <Dialog
      open
      onClose={onClose}
      title={say("add.title")}
      initialFocus={start}
      actions={
        <>
          <Button onClick={onClose}>{say("cancel")}</Button>
          <Button
            type="submit"
            form={form}
            look="primary"
            busy={add.isPending}
            disabled={!token || !assistant}
          >
            {say("add.connect")}
          </Button>
        </>
      }
    >
      <form id={form} className={css.form} onSubmit={submit} autoComplete="off">
        <ol className={css.steps}>
          <li>
            {say("add.step_open")}{" "}
            <a href="https://t.me/BotFather" target="_blank" rel="noreferrer">
              {say("add.botfather")}
            </a>
          </li>
          <li>{say("add.step_new")}</li>
          <li>{say("add.step_copy")}</li>
        </ol>
        <Field
          ref={start}
          label={say("add.token")}
          help={say("add.token_help")}
          error={wrong}
          type="password"
          autoComplete="off"
          spellCheck={false}
          maxLength={4000}
          value={pasted}
          onChange={(event) => {
            setPasted(event.target.value);
            add.reset();
          }}
        />
        {assistants.length > 1 && (
          <Select
            label={say("add.assistant")}
            value={assistant}
            options={assistants.map(({ id, name }) => ({ value: id, label: name }))}
            onChange={(event) => setChosen(event.target.value)}
          />
        )}
        {error && !isRefused && !isHere && <ErrorNote error={error} />}
      </form>
    </Dialog>
  );
}

function Found({ bot, onClose, onDone }: Props & { bot: Bot }) {
  const say = useWords();
  const [, go] = useLocation();
  const done = () => {
    onClose();
    if (onDone) onDone();
    else go(`/channels/${bot.id}`);
  };
  return (
    <Dialog
      open
      onClose={done}
      title={say("found.title")}
      about={say("found.about")}
      actions={
        <Button look="primary" onClick={done}>
          {say(onDone ? "found.go" : "found.done")}
        </Button>
      }
    >
      <div className={css.form}>
        <Account account={bot.account} />
        <h3>{say("father.title")}</h3>
        <BotFatherList account={bot.account} />
        <p className={css.note}>
          {say("found.write")}{" "}
          <a href={linkTo(bot.account.username)} target="_blank" rel="noreferrer">
            @{bot.account.username}
          </a>
        </p>
      </div>
    </Dialog>
  );
}
