/** The command palette: every page, document and action from the keyboard. */
import { Dialog as Base } from "@base-ui/react/dialog";
import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useId, useRef, useState } from "react";
import { api, take } from "../api/client";
import { Kbd } from "../design/Parts";
import { type Command, useCommands } from "./commands";
import styles from "./Palette.module.css";
import { useAppWords } from "./words";

export function Palette({ open, onClose }: { open: boolean; onClose: () => void }) {
  const say = useAppWords();
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className={styles.backdrop} />
        <Base.Popup className={styles.palette} aria-label={say("palette.title")}>
          <Inner onClose={onClose} />
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

function Inner({ onClose }: { onClose: () => void }) {
  const say = useAppWords();
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const found = useFound(text);
  const chosen = Math.min(at, found.length - 1);

  const run = (command: Command | undefined) => {
    if (!command) return;
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
        className={styles.input}
        // biome-ignore lint/a11y/noAutofocus: the palette was opened to type into it
        autoFocus
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

/** Commands whose words hold every typed word, and documents of that name. */
function useFound(text: string): Command[] {
  const { fixed, document } = useCommands();
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const q = useDeferredValue(text.trim());
  const documents = useQuery({
    queryKey: ["documents", "palette", q],
    queryFn: ({ signal }) => take(api.GET("/api/documents", { params: { query: { q, limit: 6 } }, signal })),
    enabled: q.length > 1,
    placeholderData: (before) => before,
  });
  const fitting = fixed.filter((command) => {
    const name = `${command.label} ${command.more ?? ""}`.toLowerCase();
    return words.every((word) => name.includes(word));
  });
  const named = q.length > 1 ? (documents.data?.items ?? []).map(document) : [];
  return [
    ...fitting.filter((command) => command.group === "pages"),
    ...named,
    ...fitting.filter((command) => command.group === "actions"),
  ];
}
