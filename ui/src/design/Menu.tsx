/** A menu of actions behind a button. */
import { Menu as Base } from "@base-ui/react/menu";
import { Check, ChevronDown } from "lucide-react";
import type { ReactElement, ReactNode } from "react";
import styles from "./Floating.module.css";

export interface MenuEntry {
  label: string;
  icon?: ReactNode;
  danger?: boolean;
  disabled?: boolean;
  onPick: () => void;
}

export function Menu({
  trigger,
  entries,
}: {
  trigger: ReactElement<Record<string, unknown>>;
  entries: readonly MenuEntry[];
}) {
  return (
    <Base.Root modal={false}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner align="end" sideOffset={4} className={styles.layer}>
          <Base.Popup className={styles.menu}>
            {entries.map((entry) => (
              <Base.Item
                key={entry.label}
                disabled={entry.disabled}
                className={entry.danger ? `${styles.item} ${styles.danger}` : styles.item}
                onClick={entry.onPick}
              >
                {entry.icon}
                {entry.label}
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

export interface PickOption {
  value: string;
  label: string;
  /** How many there are, as the reader's language writes it. */
  count?: string;
}

/** A chip that reads like a part of a sentence and opens its choices; the first choice is "any". */
export function PickChip({
  label,
  value,
  options,
  onPick,
}: {
  /** What the chip says now. */
  label: string;
  /** The chosen option; empty for any. */
  value: string;
  options: readonly PickOption[];
  onPick: (value: string) => void;
}) {
  return (
    <Base.Root modal={false}>
      <Base.Trigger className={value === "" ? styles.pick : `${styles.pick} ${styles.picked}`}>
        <span>{label}</span>
        <ChevronDown size={14} strokeWidth={1.75} aria-hidden="true" />
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner align="start" sideOffset={4} className={styles.layer}>
          <Base.Popup className={`${styles.menu} ${styles.long}`}>
            <Base.RadioGroup value={value} onValueChange={onPick}>
              {options.map((option) => (
                <Base.RadioItem key={option.value} value={option.value} closeOnClick className={styles.item}>
                  <span className={styles.tick}>
                    <Base.RadioItemIndicator>
                      <Check size={16} strokeWidth={1.75} aria-hidden="true" />
                    </Base.RadioItemIndicator>
                  </span>
                  <span className={styles.grow}>{option.label}</span>
                  {option.count !== undefined && <span className={styles.count}>{option.count}</span>}
                </Base.RadioItem>
              ))}
            </Base.RadioGroup>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
