/** Keys and passwords that were entered, and the code that opens them in a backup on another computer. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import { type FormEvent, useState } from "react";
import { api, take } from "../../api/client";
import { ApiProblem } from "../../api/problem";
import { recoveryQuery } from "../../api/queries";
import { Button } from "../../design/Button";
import { CodeCard } from "../../design/CodeCard";
import { Dialog } from "../../design/Dialog";
import { Field } from "../../design/Field";
import { ErrorNote, Skeleton } from "../../design/Parts";
import { toast } from "../../design/Toast";
import { useFormat } from "../../i18n/format";
import styles from "./Settings.module.css";
import { secretName } from "./secrets";
import { useWords } from "./words";

export function Recovery() {
  const say = useWords();
  const format = useFormat();
  const [isAsking, setAsking] = useState(false);
  const kept = useQuery(recoveryQuery);
  if (kept.isPending) return <Skeleton lines={2} height={20} />;
  if (kept.isError && !kept.data) return <ErrorNote error={kept.error} onRetry={() => void kept.refetch()} />;
  const { closed, holds, key, made_at } = kept.data;
  return (
    <>
      <p className={styles.note}>{say(`recovery.key.${key}`)}</p>
      <p className={styles.note}>
        {made_at === null && say("recovery.none")}
        {made_at !== null && holds && say("recovery.made", { when: format.moment(made_at) })}
        {made_at !== null && !holds && say("recovery.stale")}
      </p>
      {closed.length > 0 && <Closed names={closed} />}
      <div className={styles.row}>
        <Button
          icon={<KeyRound size={16} strokeWidth={1.5} aria-hidden="true" />}
          onClick={() => setAsking(true)}
        >
          {say(made_at === null ? "recovery.make" : "recovery.renew")}
        </Button>
      </div>
      {isAsking && <NewCode hasOne={made_at !== null} onClose={() => setAsking(false)} />}
    </>
  );
}

/** Secrets that came with a backup of another computer and cannot be opened here. */
function Closed({ names }: { names: readonly string[] }) {
  const say = useWords();
  const [code, setCode] = useState("");
  const open = useMutation({
    mutationFn: () => take(api.POST("/api/recovery/open", { body: { code } })),
    meta: { stale: ["recovery", "settings"] },
    onSuccess: ({ opened }) => void toast({ text: say("recovery.opened", { count: opened }) }),
  });
  const isMisspelt = open.error instanceof ApiProblem && open.error.field === "code";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    open.mutate();
  };
  return (
    <form className={styles.closed} onSubmit={submit} autoComplete="off">
      <p>
        <strong>{say("recovery.closed")}</strong> {names.map((name) => secretName(name, say)).join(", ")}.{" "}
        {say("recovery.closedDo")}
      </p>
      <Field
        label={say("recovery.code")}
        maxLength={200}
        spellCheck={false}
        autoCapitalize="characters"
        value={code}
        error={isMisspelt ? say("recovery.misspelt") : undefined}
        onChange={(event) => {
          setCode(event.target.value);
          open.reset();
        }}
      />
      {open.error && !isMisspelt && <ErrorNote error={open.error} />}
      <div className={styles.row}>
        <Button type="submit" disabled={code.trim() === ""} busy={open.isPending}>
          {say("recovery.open")}
        </Button>
      </div>
    </form>
  );
}

/** Asks for the password where a code is replaced, then shows the new one this once. */
function NewCode({ hasOne, onClose }: { hasOne: boolean; onClose: () => void }) {
  const say = useWords();
  const [password, setPassword] = useState("");
  const make = useMutation({
    mutationFn: () => take(api.POST("/api/recovery", { body: { password } })),
    meta: { stale: ["recovery"] },
  });
  const isWrong = make.error instanceof ApiProblem && make.error.code === "wrong_password";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate();
  };
  if (make.data) {
    return (
      <Dialog
        open
        onClose={onClose}
        title={say("recovery.newTitle")}
        about={say("recovery.newAbout")}
        actions={
          <Button look="primary" onClick={onClose}>
            {say("recovery.written")}
          </Button>
        }
      >
        <div className={styles.form}>
          <CodeCard code={make.data.code} label={say("recovery.code")} />
          {hasOne && <p className={styles.note}>{say("recovery.older")}</p>}
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={say(hasOne ? "recovery.renew" : "recovery.make")}
      about={say(hasOne ? "recovery.renewAbout" : "recovery.makeAbout")}
      actions={
        <>
          <Button look="quiet" onClick={onClose}>
            {say("cancel")}
          </Button>
          <Button
            type="submit"
            form="new-code"
            look="primary"
            disabled={hasOne && password === ""}
            busy={make.isPending}
          >
            {say("recovery.show")}
          </Button>
        </>
      }
    >
      <form id="new-code" className={styles.form} onSubmit={submit}>
        {hasOne && (
          <Field
            label={say("account.old")}
            type="password"
            autoComplete="current-password"
            value={password}
            error={isWrong ? say("account.wrong") : undefined}
            onChange={(event) => {
              setPassword(event.target.value);
              make.reset();
            }}
          />
        )}
        {make.error && !isWrong && <ErrorNote error={make.error} />}
      </form>
    </Dialog>
  );
}
