/** A chat as it looks on a phone: what was said, buttons to press, a field, a file. */
import { useMutation } from "@tanstack/react-query";
import { ArrowUp, FileText, Paperclip } from "lucide-react";
import { type FormEvent, type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from "react";
import { IconButton } from "../../design/Button";
import { beforePaste, isEndless } from "../../design/endless";
import { ErrorNote } from "../../design/Parts";
import { useFormat } from "../../i18n/format";
import { useTooLong } from "../../shared/length/length";
import { type Person, saySomething, sendFile, tapButton } from "./api";
import css from "./simulator.module.css";
import type { SimulatorChat, SimulatorMessage } from "./wire";
import { useWords } from "./words";

/** How long the words of a press stand over the chat, in milliseconds. */
const TOAST = 4000;

/** The longest message that the API takes, in characters. */
const LONGEST = 4000;

interface Props {
  chat: SimulatorChat | undefined;
  place: Person;
  isLost: boolean;
}

export function Phone({ chat, place, isLost }: Props) {
  const say = useWords();
  const [text, setText] = useState("");
  const [told, setTold] = useState("");
  const picker = useRef<HTMLInputElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const send = useMutation({ mutationFn: (text: string) => saySomething(place, text) });
  const attach = useMutation({ mutationFn: (file: File) => sendFile(place, file) });
  const tap = useMutation({
    mutationFn: ({ message, row, column }: { message: number; row: number; column: number }) =>
      tapButton(place, message, row, column),
    onSuccess: ({ toast }) => setTold(toast),
  });
  const messages = chat?.messages ?? [];
  const error = send.error ?? attach.error ?? tap.error;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the end comes into view whenever something is said
  useLayoutEffect(() => {
    if (scroller.current) scroller.current.scrollTop = scroller.current.scrollHeight;
  }, [messages.length, chat?.draft, chat?.is_writing]);
  useEffect(() => {
    if (told === "") return;
    const timer = setTimeout(() => setTold(""), TOAST);
    return () => clearTimeout(timer);
  }, [told]);

  const over = useTooLong()(text.trim(), LONGEST);
  const canSend = text.trim() !== "" && !over && place.name !== "" && !send.isPending;
  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    if (!canSend) return;
    send.mutate(text.trim(), { onSuccess: () => setText("") });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    submit();
  };
  return (
    <section className={css.phone} aria-label={say("simulator.chat")}>
      {told !== "" && <p className={css.told}>{told}</p>}
      <div className="unseen" role="status">
        {told}
      </div>
      <div ref={scroller} className={`${css.scroller} scroll-thin`}>
        <ol className={css.thread} aria-live="polite">
          {messages.length === 0 && <li className={css.nothing}>{say(`simulator.nothing_${place.room}`)}</li>}
          {messages.map((message) => (
            <Said
              key={message.id}
              message={message}
              isOwn={!message.is_bot && message.from === place.name}
              isBusy={tap.isPending}
              onTap={(row, column) => tap.mutate({ message: message.id, row, column })}
            />
          ))}
          {chat && (chat.draft !== "" || chat.is_writing) && (
            <li className={css.said} data-bot="" aria-live="off">
              <p className={css.bubble}>
                {chat.draft || <span className={css.writing}>{say("simulator.writing")}</span>}
                <span className={css.caret} aria-hidden="true" />
              </p>
            </li>
          )}
        </ol>
      </div>
      {isLost && <p className={css.lost}>{say("simulator.lost")}</p>}
      {error && (
        <div className={css.problem}>
          <ErrorNote error={error} />
        </div>
      )}
      {over && (
        <p className={css.over} role="alert">
          {over}
        </p>
      )}
      <form className={css.composer} onSubmit={submit}>
        <IconButton
          size="small"
          label={say("simulator.file")}
          icon={<Paperclip size={16} strokeWidth={1.5} />}
          disabled={attach.isPending || place.name === ""}
          onClick={() => picker.current?.click()}
        />
        <input
          ref={picker}
          type="file"
          hidden
          onChange={(event) => {
            const file = event.target.files?.[0];
            if (file) attach.mutate(file);
            event.target.value = "";
          }}
        />
        <textarea
          rows={1}
          value={text}
          aria-invalid={over !== undefined}
          data-endless={isEndless(text) || undefined}
          onPaste={beforePaste}
          dir="auto"
          aria-label={say("simulator.message")}
          placeholder={say("simulator.message")}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={onKeyDown}
        />
        <button type="submit" className={css.send} disabled={!canSend} aria-label={say("simulator.send")}>
          <ArrowUp size={16} strokeWidth={2} aria-hidden="true" />
        </button>
      </form>
    </section>
  );
}

function Said({
  message,
  isOwn,
  isBusy,
  onTap,
}: {
  message: SimulatorMessage;
  isOwn: boolean;
  isBusy: boolean;
  onTap: (row: number, column: number) => void;
}) {
  const { clock } = useFormat();
  const { from, is_bot, text, file, buttons, at } = message;
  return (
    <li className={css.said} data-own={isOwn || undefined} data-bot={is_bot || undefined}>
      <div className={css.bubble}>
        {!isOwn && <b className={css.from}>{from}</b>}
        {file !== null && (
          <span className={css.file}>
            <FileText size={16} strokeWidth={1.5} aria-hidden="true" />
            {file}
          </span>
        )}
        {text !== "" && (
          <p className={css.text} dir="auto">
            {text}
          </p>
        )}
        <time className="numbers" dateTime={at}>
          {clock(at)}
        </time>
      </div>
      {buttons.map((row, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row of buttons is known by its place only
        <div key={index} className={css.buttons}>
          {row.map((button, column) =>
            button.url === null ? (
              <button
                // biome-ignore lint/suspicious/noArrayIndexKey: a button is known by its place only
                key={column}
                type="button"
                disabled={isBusy}
                onClick={() => onTap(index, column)}
              >
                {button.label}
              </button>
            ) : (
              // biome-ignore lint/suspicious/noArrayIndexKey: a button is known by its place only
              <a key={column} href={button.url} target="_blank" rel="noreferrer">
                {button.label}
              </a>
            ),
          )}
        </div>
      ))}
    </li>
  );
}
