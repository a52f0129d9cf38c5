/**
 * Going back to a backup: what happens, and the wait until the program is back. Keys and passwords that this computer
 * cannot open are asked for afterwards, in Settings.
 */
import { useMutation } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { api, take } from "../../api/client";
import type { Backup } from "../../api/types";
import { Button } from "../../design/Button";
import { Dialog } from "../../design/Dialog";
import { ErrorNote, ProgressLine } from "../../design/Parts";
import { useFormat } from "../../i18n/format";
import styles from "./Settings.module.css";
import { useWords } from "./words";

/** Milliseconds between two looks whether the program is back. */
const LOOK = 300;

export function Restore({ backup, onClose }: { backup: Backup; onClose: () => void }) {
  const say = useWords();
  const format = useFormat();
  const restore = useMutation({
    mutationFn: async () => {
      const params = { path: { id: backup.name } };
      const { token } = await take(api.POST("/api/backups/{id}/restore", { params, body: {} }));
      await comesBack();
      location.assign(`/enter#${token}`);
      // The page goes: nothing is to be pressed until then.
      await new Promise(() => {});
    },
  });
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
        {restore.error && <ErrorNote error={restore.error} />}
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
