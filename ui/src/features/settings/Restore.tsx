/** Going back to a backup: what happens, a code where one is wanted, and the wait until the program is back. */
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, take } from "../../api/client";
import { ApiProblem } from "../../api/problem";
import type { Backup } from "../../api/types";
import { Button } from "../../design/Button";
import { Dialog } from "../../design/Dialog";
import { Field } from "../../design/Field";
import { ErrorNote, ProgressLine } from "../../design/Parts";
import { useFormat } from "../../i18n/format";
import styles from "./Settings.module.css";
import { useWords } from "./words";

/** Milliseconds between two looks whether the program is back. */
const LOOK = 300;

export function Restore({ backup, onClose }: { backup: Backup; onClose: () => void }) {
  const say = useWords();
  const format = useFormat();
  const [code, setCode] = useState("");
  const restore = useMutation({
    mutationFn: async () => {
      const params = { path: { id: backup.name } };
      const body = { recovery_code: code.trim() || undefined };
      const { token } = await take(api.POST("/api/backups/{id}/restore", { params, body }));
      await comesBack();
      location.assign(`/enter#${token}`);
      // The page goes: nothing is to be pressed until then.
      await new Promise(() => {});
    },
  });
  const isMisspelt = restore.error instanceof ApiProblem && restore.error.field === "code";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    restore.mutate();
  };
  return (
    <Dialog
      open
      onClose={() => !restore.isPending && onClose()}
      title={say("restore.title", { when: format.moment(backup.made_at) })}
      about={say("restore.about")}
      actions={
        <>
          <Button look="quiet" disabled={restore.isPending} onClick={onClose}>
            {say("cancel")}
          </Button>
          <Button type="submit" form="restore" look="primary" busy={restore.isPending}>
            {say("restore.do")}
          </Button>
        </>
      }
    >
      <form id="restore" className={styles.form} onSubmit={submit} autoComplete="off">
        <Field
          label={say("restore.code")}
          help={say("restore.codeHelp")}
          maxLength={200}
          spellCheck={false}
          autoCapitalize="characters"
          value={code}
          disabled={restore.isPending}
          error={isMisspelt ? say("recovery.misspelt") : undefined}
          onChange={(event) => {
            setCode(event.target.value);
            restore.reset();
          }}
        />
        {restore.error && !isMisspelt && <ErrorNote error={restore.error} />}
        {restore.isPending && (
          <div role="status" className={styles.form}>
            <ProgressLine label={say("restore.running")} />
            <p className={styles.note}>{say("restore.running")}</p>
          </div>
        )}
      </form>
    </Dialog>
  );
}

/** Resolves once the program answers again and knows nobody of before. */
async function comesBack(): Promise<void> {
  for (;;) {
    await new Promise((done) => setTimeout(done, LOOK));
    const session = await take(api.GET("/api/session")).catch(() => undefined);
    if (session?.member === null) return;
  }
}
