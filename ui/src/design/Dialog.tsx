/** A dialog in the middle, or a sheet from the end of the line (from below on a phone). */
import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import type { ReactNode, RefObject } from "react";
import { IconButton } from "./Button";
import styles from "./Dialog.module.css";
import { useDesignWords } from "./words";

export interface DialogProps {
  open: boolean;
  onClose: () => void;
  title: string;
  /** One line under the title. */
  about?: ReactNode;
  /** Buttons, the main one last. */
  actions?: ReactNode;
  /** Wider than the usual 480 px. */
  wide?: boolean;
  initialFocus?: RefObject<HTMLElement | null>;
  children?: ReactNode;
}

export function Dialog({ open, onClose, title, about, actions, wide, initialFocus, children }: DialogProps) {
  const say = useDesignWords();
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className={styles.backdrop} />
        <Base.Popup
          className={wide ? `${styles.dialog} ${styles.wide}` : styles.dialog}
          initialFocus={initialFocus}
        >
          <header className={styles.head}>
            <Base.Title className={styles.title}>{title}</Base.Title>
            <Base.Close render={<IconButton size="small" label={say("close")} icon={<X size={16} />} />} />
          </header>
          {about && <Base.Description className={styles.about}>{about}</Base.Description>}
          <div className={styles.body}>{children}</div>
          {actions && <footer className={styles.actions}>{actions}</footer>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

export interface SheetProps {
  open: boolean;
  onClose: () => void;
  title: string;
  children?: ReactNode;
}

export function Sheet({ open, onClose, title, children }: SheetProps) {
  const say = useDesignWords();
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className={styles.backdrop} />
        <Base.Popup className={styles.sheet}>
          <header className={styles.head}>
            <Base.Title className={styles.title}>{title}</Base.Title>
            <Base.Close render={<IconButton size="small" label={say("close")} icon={<X size={16} />} />} />
          </header>
          <div className={styles.sheetBody}>{children}</div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
