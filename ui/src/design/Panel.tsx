/** The right panel: opens in place beside the content, and is a sheet on narrow screens. */
import { X } from "lucide-react";
import { createContext, type ReactNode, useContext, useEffect, useRef } from "react";
import { createPortal } from "react-dom";
import { IconButton } from "./Button";
import { Sheet } from "./Dialog";
import { useMedia } from "./media";
import styles from "./Panel.module.css";
import { useDesignWords } from "./words";

/** Where the frame keeps the panel; `null` until it stands. */
export const PanelPlace = createContext<HTMLElement | null>(null);

export interface SidePanelProps {
  open: boolean;
  onClose: () => void;
  title: string;
  /** Room for a page of a document. */
  wide?: boolean;
  /** It stands there with the page: the focus stays where it is. */
  quiet?: boolean;
  children?: ReactNode;
}

export function SidePanel({ open, onClose, title, wide, quiet, children }: SidePanelProps) {
  const place = useContext(PanelPlace);
  const roomy = useMedia("(width >= 1024px)");
  if (!roomy || !place) {
    return (
      <Sheet open={open} onClose={onClose} title={title}>
        {children}
      </Sheet>
    );
  }
  if (!open) return null;
  return createPortal(
    <Beside title={title} onClose={onClose} wide={wide} quiet={quiet}>
      {children}
    </Beside>,
    place,
  );
}

function Beside({ title, onClose, wide, quiet = false, children }: Omit<SidePanelProps, "open">) {
  const say = useDesignWords();
  const panel = useRef<HTMLElement>(null);
  const isQuiet = useRef(quiet);
  useEffect(() => {
    if (isQuiet.current) return;
    const before = document.activeElement instanceof HTMLElement ? document.activeElement : null;
    panel.current?.focus();
    return () => before?.focus();
  }, []);
  return (
    <aside
      ref={panel}
      tabIndex={-1}
      aria-label={title}
      className={wide ? `${styles.panel} ${styles.wide}` : styles.panel}
      onKeyDown={(event) => event.key === "Escape" && onClose()}
    >
      <header className={styles.head}>
        <h2>{title}</h2>
        <IconButton size="small" label={say("close")} icon={<X size={16} />} onClick={onClose} />
      </header>
      <div className={styles.body}>{children}</div>
    </aside>
  );
}
