/** Buttons: verbs. At most one primary button stands on a page. */
import type { ComponentProps, ReactNode } from "react";
import styles from "./Button.module.css";
import { useOnce } from "./once";
import { Tip } from "./Tip";

export type ButtonLook = "primary" | "plain" | "quiet" | "danger";

export interface ButtonProps extends Omit<ComponentProps<"button">, "children"> {
  look?: ButtonLook;
  size?: "small" | "normal";
  /** Stands before the words. */
  icon?: ReactNode;
  /** Something is under way: the button stays in place and cannot be pressed. */
  busy?: boolean;
  children: ReactNode;
}

export function Button({
  look = "plain",
  size = "normal",
  icon,
  busy = false,
  disabled,
  className,
  children,
  onClick,
  ...rest
}: ButtonProps) {
  const press = useOnce(onClick);
  return (
    <button
      type="button"
      {...rest}
      onClick={press}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      className={[styles.button, styles[look], styles[size], className].filter(Boolean).join(" ")}
    >
      {icon}
      <span className={styles.words}>{children}</span>
      {busy && <span className={styles.busy} aria-hidden="true" />}
    </button>
  );
}

export interface IconButtonProps extends Omit<ComponentProps<"button">, "children"> {
  /** What it does, for the tooltip and for screen readers. */
  label: string;
  icon: ReactNode;
  size?: "small" | "normal";
  /** Whether it is switched on, for buttons that stay pressed. */
  pressed?: boolean;
}

export function IconButton({
  label,
  icon,
  size = "normal",
  pressed,
  className,
  onClick,
  ...rest
}: IconButtonProps) {
  const press = useOnce(onClick);
  return (
    <Tip text={label}>
      <button
        type="button"
        {...rest}
        onClick={press}
        aria-label={label}
        aria-pressed={pressed}
        className={[styles.button, styles.quiet, styles.square, styles[size], className]
          .filter(Boolean)
          .join(" ")}
      >
        {icon}
      </button>
    </Tip>
  );
}
