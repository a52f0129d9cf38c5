/** Search by meaning: the embedder, and whether its model is there. */
import { useMutation } from "@tanstack/react-query";
import { api, take } from "../../api/client";
import type { Status } from "../../api/types";
import { Select } from "../../design/Field";
import { ErrorNote } from "../../design/Parts";
import { toast } from "../../design/Toast";
import styles from "./Settings.module.css";
import { useWords } from "./words";

/** The models for search that a member can choose, by their own names. */
const models = ["multilingual-e5-small"];

interface Props {
  embedder: string;
  /** Unknown until the status came. */
  status: Status | undefined;
}

export function Meaning({ embedder, status }: Props) {
  const say = useWords();
  const save = useMutation({
    mutationFn: (name: string) => take(api.PATCH("/api/settings", { body: { embedder: name } })),
    meta: { stale: ["settings", "status"] },
    onSuccess: () => void toast({ text: say("saved") }),
  });
  const chosen = save.isPending ? save.variables : embedder;
  const names = models.includes(chosen) || chosen === "" ? models : [...models, chosen];
  const options = [
    { value: "", label: say("meaning.off") },
    ...names.map((name) => ({ value: name, label: name })),
  ];
  return (
    <div className={styles.form}>
      <Select
        label={say("meaning.model")}
        value={chosen}
        options={options}
        disabled={save.isPending}
        onChange={(event) => save.mutate(event.target.value)}
      />
      {save.isError && <ErrorNote error={save.error} />}
      {status && (
        <p className={styles.note} role="status">
          {status.embedder.state === "none" && say("meaning.none")}
          {status.embedder.state === "missing" && say("meaning.missing")}
          {status.embedder.state === "installed" &&
            say("meaning.done", { done: status.vectors, all: status.passages })}
        </p>
      )}
    </div>
  );
}
