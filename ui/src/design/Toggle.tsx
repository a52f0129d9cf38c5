/** A switch that is on or off at once, with its words beside it. */
import { type ReactNode, useId } from "react";
import styles from "./Toggle.module.css";

export interface ToggleProps {
  label: string;
  help?: ReactNode;
  /** Hides the label for the eye only, where the place says it already. */
  labelHidden?: boolean;
  checked: boolean;
  disabled?: boolean;
  onChange: (checked: boolean) => void;
}

export function Toggle({ label, help, labelHidden, checked, disabled, onChange }: ToggleProps) {
  const id = useId();
  return (
    <div className={styles.toggle}>
      <input
        id={id}
        type="checkbox"
        role="switch"
        aria-checked={checked}
        className={styles.input}
        checked={checked}
        disabled={disabled}
        aria-describedby={help ? `${id}-help` : undefined}
        onChange={(event) => onChange(event.target.checked)}
      />
      <div className={labelHidden ? "unseen" : styles.words}>
        <label htmlFor={id}>{label}</label>
        {help && (
          <p id={`${id}-help`} className={styles.help}>
            {help}
          </p>
        )}
      </div>
    </div>
  );
}
