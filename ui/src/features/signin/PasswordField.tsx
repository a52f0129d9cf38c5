/** A password that can be looked at while it is typed; for a new one, how much is missing. */
import { Check, Eye, EyeOff } from "lucide-react";
import { useState } from "react";
import { IconButton } from "../../design/Button";
import { Field } from "../../design/Field";
import { usePasswordFault } from "../../shared/password/rule";
import styles from "./Door.module.css";
import { useWords } from "./words";

export function PasswordField({
  label,
  value,
  onChange,
  fresh = false,
  error,
  autoFocus,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  /** It is being chosen now, so the rule stands beside it. */
  fresh?: boolean;
  error?: string | undefined;
  autoFocus?: boolean;
}) {
  const say = useWords();
  const [shown, setShown] = useState(false);
  const short = usePasswordFault()(value, null);
  const rule =
    value === "" ? (
      say("password.rule")
    ) : short ? (
      short
    ) : (
      <span className={styles.meter}>
        <Check size={16} strokeWidth={2} aria-hidden="true" />
        {say("password.enough")}
      </span>
    );
  return (
    <Field
      label={label}
      type={shown ? "text" : "password"}
      autoComplete={fresh ? "new-password" : "current-password"}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      help={fresh ? rule : undefined}
      error={error}
      maxLength={200}
      autoFocus={autoFocus}
      required
      after={
        <IconButton
          label={shown ? say("password.hide") : say("password.show")}
          icon={shown ? <EyeOff size={16} strokeWidth={1.5} /> : <Eye size={16} strokeWidth={1.5} />}
          onClick={() => setShown(!shown)}
        />
      }
    />
  );
}
