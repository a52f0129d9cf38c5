/** The command palette: every page, assistant, document, conversation and action from the keyboard. */
import { Dialog as Base } from "@base-ui/react/dialog";
import { useQuery } from "@tanstack/react-query";
import { type RefObject, useDeferredValue, useId, useRef, useState } from "react";
import { api, take } from "../api/client";
import { Kbd } from "../design/Parts";
import { type Command, useCommands } from "./commands";
import styles from "./Palette.module.css";
import { useAppWords } from "./words";

export function Palette({ open, onClose }: { open: boolean; onClose: () => void }) {
  const say = useAppWords();
  const field = useRef<HTMLInputElement>(null);
  // Where it led away from is gone; one goes on in the page that it led to.
  const hasRun = useRef(false);
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className={styles.backdrop} />
        <Base.Popup
          className={styles.palette}
          aria-label={say("palette.title")}
          initialFocus={field}
          finalFocus={() => {
            const led = hasRun.current;
            hasRun.current = false;
            return led ? document.getElementById("page") : true;
          }}
        >
          <Inner
            field={field}
            onClose={onClose}
            onRun={() => {
              hasRun.current = true;
            }}
          />
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

interface InnerProps {
  field: RefObject<HTMLInputElement | null>;
  onClose: () => void;
  onRun: () => void;
}

function Inner({ field, onClose, onRun }: InnerProps) {
  const say = useAppWords();
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const found = useFound(text);
  const chosen = Math.min(at, found.length - 1);

  const run = (command: Command | undefined) => {
    if (!command) return;
    if (command.group !== "actions") onRun();
    onClose();
    command.run();
  };
  const move = (to: number) => {
    if (found.length === 0) return;
    const next = (to + found.length) % found.length;
    setAt(next);
    list.current?.querySelector(`[data-at="${next}"]`)?.scrollIntoView({ block: "nearest" });
  };

  return (
    <>
      <input
        ref={field}
        className={styles.input}
        role="combobox"
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-activedescendant={found.length > 0 ? `${id}-${chosen}` : undefined}
        aria-label={say("palette.title")}
        placeholder={say("palette.placeholder")}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={(event) => {
          if (event.key === "ArrowDown") move(chosen + 1);
          else if (event.key === "ArrowUp") move(chosen - 1);
          else if (event.key === "Enter" && !event.nativeEvent.isComposing) run(found[chosen]);
          else return;
          event.preventDefault();
        }}
      />
      <div
        ref={list}
        id={`${id}-list`}
        role="listbox"
        aria-label={say("palette.title")}
        className={styles.list}
      >
        {found.map((command, index) => (
          <div key={command.key}>
            {command.group !== found[index - 1]?.group && (
              <div className={styles.group} role="presentation">
                {say(`palette.${command.group}`)}
              </div>
            )}
            {/* biome-ignore lint/a11y/useKeyWithClickEvents: the keys are handled by the combobox above */}
            <div
              id={`${id}-${index}`}
              data-at={index}
              role="option"
              tabIndex={-1}
              aria-selected={index === chosen}
              className={styles.option}
              onClick={() => run(command)}
              onPointerMove={() => setAt(index)}
            >
              <command.icon size={16} strokeWidth={1.5} aria-hidden="true" />
              <span>{command.label}</span>
              {command.note && <small>{command.note}</small>}
            </div>
          </div>
        ))}
        {found.length === 0 && <p className={styles.nothing}>{say("palette.nothing")}</p>}
      </div>
      <footer className={styles.foot} aria-hidden="true">
        <span>
          <Kbd>↑</Kbd> <Kbd>↓</Kbd> {say("palette.hintMove")}
        </span>
        <span>
          <Kbd>↵</Kbd> {say("palette.hintOpen")}
        </span>
        <span>
          <Kbd>Esc</Kbd> {say("palette.hintClose")}
        </span>
      </footer>
    </>
  );
}

/** How many conversations are offered; the Inbox has them all. */
const CONVERSATIONS = 5;

/** Commands whose words hold every typed word, documents of that name, and conversations with these words. */
function useFound(text: string): Command[] {
  const { fixed, document, conversation } = useCommands();
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const q = useDeferredValue(text.trim());
  const documents = useQuery({
    queryKey: ["documents", "palette", q],
    queryFn: ({ signal }) => take(api.GET("/api/documents", { params: { query: { q, limit: 6 } }, signal })),
    enabled: q.length > 1,
    placeholderData: (before) => before,
  });
  const conversations = useQuery({
    queryKey: ["inbox", "palette", q],
    queryFn: ({ signal }) =>
      take(
        api.GET("/api/inbox/search", {
          params: { query: { q, channel: "customers", limit: CONVERSATIONS } },
          signal,
        }),
      ),
    enabled: q.length > 1,
    placeholderData: (before) => before,
  });
  const fitting = fixed.filter((command) => {
    const name = `${command.label} ${command.more ?? ""}`.toLowerCase();
    return words.every((word) => name.includes(word));
  });
  const named = q.length > 1 ? (documents.data?.items ?? []).map(document) : [];
  // One that is found by its name and by what was said in it stands once.
  const said = q.length > 1 ? (conversations.data?.items ?? []) : [];
  const held = [...new Map(said.map((hit) => [hit.conversation.id, conversation(hit)])).values()];
  return [
    ...fitting.filter((command) => command.group === "pages"),
    ...fitting.filter((command) => command.group === "assistants" && words.length > 0),
    ...named,
    ...held.slice(0, CONVERSATIONS),
    ...fitting.filter((command) => command.group === "actions"),
  ];
}
