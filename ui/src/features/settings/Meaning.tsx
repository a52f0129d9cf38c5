/** Search by meaning: the embedder, and whether its model is there. */
import { useMutation } from "@tanstack/react-query";
import { api, take } from "../../api/client";
import type { Status } from "../../api/types";
import { Select } from "../../design/Field";
import { ErrorNote } from "../../design/Parts";
import { toast } from "../../design/Toast";
import styles from "./Settings.module.css";
import { useWords } from "./words";

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
  const choices = status?.embedder.choices ?? [{ name: embedder, languages: [], installed: true }];
  const label = (choice: (typeof choices)[number]) => {
    const name = choice.languages.includes("multilingual")
      ? say("meaning.many", { name: choice.name })
      : say("meaning.english", { name: choice.name });
    return choice.installed ? name : say("meaning.absent", { name });
  };
  const options = [
    { value: "", label: say("meaning.off") },
    ...choices
      .filter(({ name }) => name !== "")
      .map((choice) => ({ value: choice.name, label: label(choice) })),
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
          {status.embedder.gathered !== null &&
            say("meaning.switching", { done: status.embedder.gathered, all: status.passages })}
          {status.embedder.state === "installed" &&
            status.embedder.gathered === null &&
            say(status.vectors < status.passages ? "meaning.doing" : "meaning.done", {
              done: status.vectors,
              all: status.passages,
            })}
        </p>
      )}
    </div>
  );
}
