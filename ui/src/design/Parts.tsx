/** The small parts that pages are made of. */
import { CircleAlert, Eye } from "lucide-react";
import type { ComponentProps, ReactNode } from "react";
import { ApiProblem } from "../api/problem";
import { Button } from "./Button";
import styles from "./Parts.module.css";
import { useDesignWords } from "./words";

/** Holds the place of what is being loaded. */
export function Skeleton({ lines = 1, height = 16 }: { lines?: number; height?: number }) {
  return (
    <div className={styles.skeleton} aria-hidden="true">
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines are all alike and never move
        <span key={line} className={styles.bone} style={{ height }} />
      ))}
    </div>
  );
}

/** What will be here, in one sentence, with one button and a small drawing. */
export function EmptyState({
  drawing,
  title,
  heading: Heading = "h2",
  children,
  action,
}: {
  drawing?: ReactNode;
  title: string;
  /** `h1` where nothing else names the page. */
  heading?: "h1" | "h2";
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className={styles.empty}>
      {drawing}
      <Heading>{title}</Heading>
      {children && <p>{children}</p>}
      {action && <div className={styles.emptyActions}>{action}</div>}
    </div>
  );
}

const known = [
  "unreachable",
  "not_found",
  "conflict",
  "invalid",
  "too_large",
  "too_large_for_proxy",
  "too_many",
  "forbidden",
  "not_signed_in",
  "wrong_password",
  "wrong_code",
  "bad_backup",
  "second_step_needed",
  "second_step_wrong",
  "last_owner",
  "no_mail",
  "token_spent",
  "already_followed",
  "folder_missing",
  "folder_of_system",
  "folder_is_home",
  "folder_is_own",
  "busy",
  "full",
  "no_engine",
  "engine_failed",
  "messenger_failed",
  "local_only",
  "foreign_origin",
  "foreign_host",
  "damaged",
  "internal",
] as const;

type Known = (typeof known)[number];

function codeOf(error: unknown): Known {
  const code = error instanceof ApiProblem ? error.code : "internal";
  return known.find((one) => one === code) ?? "internal";
}

/** What went wrong in one line, for toasts and under fields. */
export function useErrorWords(): (error: unknown) => string {
  const say = useDesignWords();
  return (error) => say(`error.${codeOf(error)}.what`);
}

/** What happened, why, what to do; a button for the what-to-do; the request's id small. */
export function ErrorNote({
  error,
  onRetry,
  action,
}: {
  error: unknown;
  onRetry?: () => void;
  /** Instead of trying again. */
  action?: ReactNode;
}) {
  const say = useDesignWords();
  const code = codeOf(error);
  const requestId = error instanceof ApiProblem ? error.requestId : undefined;
  return (
    <div className={styles.error} role="alert">
      <CircleAlert size={20} strokeWidth={1.5} aria-hidden="true" />
      <div className={styles.errorWords}>
        <strong>{say(`error.${code}.what`)}</strong>
        <span>{say(`error.${code}.do`)}</span>
        {requestId && code === "internal" && <code>{say("requestId", { id: requestId })}</code>}
      </div>
      {action ??
        (onRetry && (
          <Button size="small" onClick={onRetry}>
            {say("tryAgain")}
          </Button>
        ))}
    </div>
  );
}

/** Says calmly that this page is for looking, and who changes it. */
export function LookingNote({ children }: { children?: ReactNode }) {
  const say = useDesignWords();
  return (
    <p className={styles.looking}>
      <Eye size={16} strokeWidth={1.5} aria-hidden="true" />
      {children ?? say("looking")}
    </p>
  );
}

/** A choice that reads like a word of a sentence. */
export function Chip({
  pressed,
  count,
  children,
  ...rest
}: ComponentProps<"button"> & { pressed?: boolean; count?: string }) {
  return (
    <button type="button" {...rest} aria-pressed={pressed} className={styles.chip}>
      {children}
      {count !== undefined && <span className={styles.chipCount}>{count}</span>}
    </button>
  );
}

export type Tone = "plain" | "good" | "warn" | "danger" | "ai" | "person" | "accent";

/** A word about a state; the colour only underlines it. */
export function Badge({
  tone = "plain",
  icon,
  children,
}: {
  tone?: Tone;
  icon?: ReactNode;
  children: ReactNode;
}) {
  return (
    <span className={`${styles.badge} ${styles[`tone-${tone}`]}`}>
      {icon}
      {children}
    </span>
  );
}

export function Kbd({ children }: { children: ReactNode }) {
  return <kbd className={styles.kbd}>{children}</kbd>;
}

/** A thin line that fills; without a value it only shows that something goes on. */
export function ProgressLine({
  value,
  label,
  tone = "accent",
}: {
  value?: number;
  label: string;
  tone?: "accent" | "ai";
}) {
  return (
    <progress
      className={`${styles.progress} ${tone === "ai" ? styles.progressAi : ""}`}
      value={value}
      max={1}
      aria-label={label}
    />
  );
}

/** Top of a page: its name, one line of what it is for, at most one primary button. */
export function PageHead({ title, about, actions }: { title: string; about?: string; actions?: ReactNode }) {
  return (
    <header className={styles.pageHead}>
      <div>
        <h1>{title}</h1>
        {about && <p>{about}</p>}
      </div>
      {actions && <div className={styles.pageActions}>{actions}</div>}
    </header>
  );
}

/** A group of settings: what it is on the left, the fields on the right. */
export function Section({
  title,
  about,
  children,
}: {
  title: string;
  about?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className={styles.section}>
      <div className={styles.sectionHead}>
        <h2>{title}</h2>
        {about && <p>{about}</p>}
      </div>
      <div className={styles.sectionBody}>{children}</div>
    </section>
  );
}
