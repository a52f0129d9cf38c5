/** Toasts: for things done elsewhere or a moment ago, with undo. Shown one above the other, read aloud politely. */
import { X } from "lucide-react";
import { useEffect, useState, useSyncExternalStore } from "react";
import { IconButton } from "./Button";
import styles from "./Toast.module.css";
import { useDesignWords } from "./words";

export interface ToastNews {
  text: string;
  /** The one thing to do about it, most often undo. */
  action?: { label: string; run: () => void };
  /** Runs when the toast goes without its action. */
  onGone?: () => void;
  /** Milliseconds it stays; 6,000 unless told otherwise. */
  stays?: number;
}

interface Shown extends ToastNews {
  id: number;
}

let shown: readonly Shown[] = [];
let next = 1;
const listeners = new Set<() => void>();

function change(to: readonly Shown[]): void {
  shown = to;
  for (const listener of listeners) listener();
}

/** Shows a toast; the answer takes it away early (its `onGone` runs). */
export function toast(news: ToastNews): () => void {
  const id = next++;
  const oldest = shown.length >= 3 ? shown[0] : undefined;
  if (oldest) leave(oldest.id);
  change([...shown, { ...news, id }]);
  return () => leave(id);
}

function leave(id: number): void {
  const one = shown.find((toast) => toast.id === id);
  if (!one) return;
  change(shown.filter((toast) => toast.id !== id));
  one.onGone?.();
}

function act(one: Shown): void {
  change(shown.filter((toast) => toast.id !== one.id));
  one.action?.run();
}

export function Toasts() {
  const say = useDesignWords();
  const toasts = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => shown,
  );
  useEffect(() => {
    addEventListener("keydown", undo);
    return () => removeEventListener("keydown", undo);
  }, []);
  return (
    <section className={styles.stack} aria-label={say("notifications")} aria-live="polite">
      {toasts.map((one) => (
        <ToastView key={one.id} toast={one} />
      ))}
    </section>
  );
}

/** Ctrl-Z, or Cmd-Z, does what the newest toast offers; where something is written it is the field's own. */
function undo(event: KeyboardEvent): void {
  const { target } = event;
  const newest = shown.findLast(({ action }) => action !== undefined);
  const isUndo =
    event.code === "KeyZ" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey;
  if (!newest || !isUndo || event.defaultPrevented) return;
  if (target instanceof Element && target.closest("input, textarea, [contenteditable]")) return;
  event.preventDefault();
  act(newest);
}

function ToastView({ toast: one }: { toast: Shown }) {
  const say = useDesignWords();
  const { id, stays = 6000 } = one;
  // It does not go while somebody points at it or is in it.
  const [isHeld, hold] = useState(false);
  useEffect(() => {
    if (isHeld) return;
    const timer = setTimeout(() => leave(id), stays);
    return () => clearTimeout(timer);
  }, [id, stays, isHeld]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only listens whether somebody is there
    <div
      className={styles.toast}
      onPointerEnter={() => hold(true)}
      onPointerLeave={() => hold(false)}
      onFocus={() => hold(true)}
      onBlur={() => hold(false)}
    >
      <span className={styles.text}>{one.text}</span>
      {one.action && (
        <button
          type="button"
          className={styles.action}
          aria-keyshortcuts="Control+Z"
          onClick={() => act(one)}
        >
          {one.action.label}
        </button>
      )}
      <IconButton size="small" label={say("close")} icon={<X size={16} />} onClick={() => leave(id)} />
    </div>
  );
}
