/** Toasts: for things done elsewhere or a moment ago, with undo. Shown one above the other, read aloud politely. */
import { X } from "lucide-react";
import { useEffect, useSyncExternalStore } from "react";
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
  return (
    <section className={styles.stack} aria-label={say("notifications")} aria-live="polite">
      {toasts.map((one) => (
        <ToastView key={one.id} toast={one} />
      ))}
    </section>
  );
}

function ToastView({ toast: one }: { toast: Shown }) {
  const say = useDesignWords();
  const { id, stays = 6000 } = one;
  useEffect(() => {
    const timer = setTimeout(() => leave(id), stays);
    return () => clearTimeout(timer);
  }, [id, stays]);
  return (
    <div className={styles.toast}>
      <span className={styles.text}>{one.text}</span>
      {one.action && (
        <button type="button" className={styles.action} onClick={() => act(one)}>
          {one.action.label}
        </button>
      )}
      <IconButton size="small" label={say("close")} icon={<X size={16} />} onClick={() => leave(id)} />
    </div>
  );
}
