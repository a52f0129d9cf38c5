/** Form fields: label on top, help under the field, the error in its place. */
import { type ComponentProps, type ReactNode, useId } from "react";
import { beforePaste, isEndless } from "./endless";
import styles from "./Field.module.css";

interface Common {
  label: string;
  help?: ReactNode;
  error?: string | null;
  /** Hides the label for the eye only, where the place says it already. */
  labelHidden?: boolean;
}

type InputProps = Common & Omit<ComponentProps<"input">, "children"> & { after?: ReactNode };

export function Field({ label, help, error, labelHidden, after, className, ...rest }: InputProps) {
  const id = useId();
  return (
    <Frame id={id} label={label} help={help} error={error} labelHidden={labelHidden} className={className}>
      <span className={styles.row}>
        <input
          {...rest}
          id={id}
          className={styles.input}
          aria-invalid={error ? true : undefined}
          aria-describedby={help || error ? `${id}-help` : undefined}
        />
        {after}
      </span>
    </Frame>
  );
}

export function TextArea({
  label,
  help,
  error,
  labelHidden,
  className,
  rows = 4,
  ...rest
}: Common & ComponentProps<"textarea">) {
  const id = useId();
  return (
    <Frame id={id} label={label} help={help} error={error} labelHidden={labelHidden} className={className}>
      <textarea
        {...rest}
        rows={rows}
        // It grows with its text, but never below its rows.
        style={{ minHeight: `calc(${rows} * 1.5em + 16px)` }}
        id={id}
        className={`${styles.input} ${styles.area}`}
        data-endless={isEndless(String(rest.value ?? "")) || undefined}
        onPaste={beforePaste}
        aria-invalid={error ? true : undefined}
        aria-describedby={help || error ? `${id}-help` : undefined}
      />
    </Frame>
  );
}

export interface Option {
  value: string;
  label: string;
}

export function Select({
  label,
  help,
  error,
  labelHidden,
  className,
  options,
  ...rest
}: Common & Omit<ComponentProps<"select">, "children"> & { options: readonly Option[] }) {
  const id = useId();
  return (
    <Frame id={id} label={label} help={help} error={error} labelHidden={labelHidden} className={className}>
      <select
        {...rest}
        id={id}
        className={`${styles.input} ${styles.select}`}
        aria-describedby={help || error ? `${id}-help` : undefined}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </Frame>
  );
}

function Frame({
  id,
  label,
  help,
  error,
  labelHidden,
  className,
  children,
}: Common & { id: string; className?: string; children: ReactNode }) {
  return (
    <div className={className ? `${styles.field} ${className}` : styles.field}>
      <label htmlFor={id} className={labelHidden ? "unseen" : styles.label}>
        {label}
      </label>
      {children}
      {(error || help) && (
        <p
          id={`${id}-help`}
          className={error ? styles.error : styles.help}
          role={error ? "alert" : undefined}
        >
          {error || help}
        </p>
      )}
    </div>
  );
}
