/** A dialog in the middle, or a sheet from the end of the line (from below on a phone). */
import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import { type ReactNode, type RefObject, useRef } from "react";
import button from "./Button.module.css";
import styles from "./Dialog.module.css";
import { useDesignWords } from "./words";

export interface DialogProps {
  open: boolean;
  /** Without it the dialog stays until what it asks for is done. */
  onClose?: () => void;
  title: string;
  /** One line under the title. */
  about?: ReactNode;
  /** Buttons, the main one last. */
  actions?: ReactNode;
  /** Wider than the usual 480 px. */
  wide?: boolean;
  /** Nothing of the page is seen behind it. */
  covers?: boolean;
  initialFocus?: RefObject<HTMLElement | null>;
  children?: ReactNode;
}

export function Dialog({
  open,
  onClose,
  title,
  about,
  actions,
  wide,
  covers,
  initialFocus,
  children,
}: DialogProps) {
  const popup = useRef<HTMLDivElement>(null);
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose?.()}>
      <Base.Portal>
        <Base.Backdrop className={covers ? `${styles.backdrop} ${styles.covers}` : styles.backdrop} />
        <Base.Popup
          ref={popup}
          className={wide ? `${styles.dialog} ${styles.wide}` : styles.dialog}
          initialFocus={initialFocus ?? ((by) => by === "touch" || firstOf(popup.current))}
        >
          <header className={styles.head}>
            <Base.Title className={styles.title}>{title}</Base.Title>
            {onClose && <CloseButton />}
          </header>
          {about && <Base.Description className={styles.about}>{about}</Base.Description>}
          <div className={styles.body}>{children}</div>
          {actions && <footer className={styles.actions}>{actions}</footer>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

/** Where somebody goes on: the first field, else the first thing to do (the harmless one), else the dialog itself. */
function firstOf(popup: HTMLElement | null): HTMLElement | null {
  const field =
    "input:not([type=hidden], [type=file], [type=radio]:not(:checked), :disabled), textarea:not(:disabled), select:not(:disabled)";
  return (
    popup?.querySelector<HTMLElement>(field) ?? popup?.querySelector("footer button:not(:disabled)") ?? popup
  );
}

/** Without a tip: a tip that is open takes the Escape that is meant for the dialog. */
function CloseButton() {
  const say = useDesignWords();
  return (
    <Base.Close
      aria-label={say("close")}
      className={[button.button, button.quiet, button.square, button.small].join(" ")}
    >
      <X size={16} aria-hidden="true" />
    </Base.Close>
  );
}

export interface SheetProps {
  open: boolean;
  onClose: () => void;
  title: string;
  children?: ReactNode;
}

export function Sheet({ open, onClose, title, children }: SheetProps) {
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className={styles.backdrop} />
        <Base.Popup className={styles.sheet}>
          <header className={styles.head}>
            <Base.Title className={styles.title}>{title}</Base.Title>
            <CloseButton />
          </header>
          <div className={styles.sheetBody}>{children}</div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
