/** A folder of the computer that the program runs on becomes a source. */
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { useLocation } from "wouter";
import { api, take } from "../../api/client";
import { Button } from "../../design/Button";
import { Dialog } from "../../design/Dialog";
import { Field } from "../../design/Field";
import { ErrorNote } from "../../design/Parts";
import { Toggle } from "../../design/Toggle";
import { useFolderChooser } from "../../host/window";
import styles from "./Knowledge.module.css";
import { useWords } from "./words";

interface Props {
  open: boolean;
  onClose: () => void;
  /** Instead of going to the list of sources. */
  onAdded?: () => void;
}

export function AddFolder({ open, onClose, onAdded }: Props) {
  const say = useWords();
  const form = useId();
  const [, go] = useLocation();
  const [path, setPath] = useState("");
  const [keeps, setKeeps] = useState(false);
  const add = useMutation({
    mutationFn: () =>
      take(api.POST("/api/folders", { body: { path: path.trim(), vanished: keeps ? "keep" : "remove" } })),
    meta: { stale: ["followed", "sources", "documents", "status"] },
    onSuccess: () => {
      setPath("");
      onClose();
      if (onAdded) onAdded();
      else go("/knowledge/sources");
    },
  });
  const choose = useFolderChooser();
  const chosen = useMutation({
    mutationFn: async () => choose?.(),
    onSuccess: (folder) => folder !== undefined && setPath(folder),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (path.trim() !== "") add.mutate();
  };
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={say("folder.title")}
      about={say("folder.about")}
      actions={
        <>
          <Button onClick={onClose}>{say("cancel")}</Button>
          <Button type="submit" form={form} look="primary" busy={add.isPending} disabled={path.trim() === ""}>
            {say("folder.watch")}
          </Button>
        </>
      }
    >
      <form id={form} className={styles.form} onSubmit={submit}>
        <Field
          label={say("folder.path")}
          help={say("folder.pathHelp")}
          value={path}
          autoComplete="off"
          spellCheck={false}
          maxLength={1000}
          onChange={(event) => setPath(event.target.value)}
          after={
            choose && (
              <Button busy={chosen.isPending} onClick={() => chosen.mutate()}>
                {say("folder.choose")}
              </Button>
            )
          }
          required
        />
        <Toggle
          label={say("folder.keep")}
          help={say("folder.keepHelp")}
          checked={keeps}
          onChange={setKeeps}
        />
        {(add.error ?? chosen.error) && <ErrorNote error={add.error ?? chosen.error} />}
      </form>
    </Dialog>
  );
}
