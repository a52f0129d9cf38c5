/** The name of the business. */
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, take } from "../../api/client";
import { Button } from "../../design/Button";
import { Field } from "../../design/Field";
import { ErrorNote } from "../../design/Parts";
import { toast } from "../../design/Toast";
import styles from "./Settings.module.css";
import { useWords } from "./words";

export function Business({ business }: { business: string }) {
  const say = useWords();
  const [name, setName] = useState(business);
  const save = useMutation({
    mutationFn: () => take(api.PATCH("/api/settings", { body: { business: name.trim() } })),
    meta: { stale: ["settings", "session"] },
    onSuccess: () => void toast({ text: say("saved") }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  const isNew = name.trim() !== "" && name.trim() !== business;
  return (
    <form className={styles.form} onSubmit={submit}>
      <Field
        label={say("business.name")}
        value={name}
        maxLength={100}
        onChange={(event) => setName(event.target.value)}
        required
      />
      {save.isError && <ErrorNote error={save.error} />}
      <div className={styles.row}>
        <Button type="submit" disabled={!isNew} busy={save.isPending}>
          {say("save")}
        </Button>
      </div>
    </form>
  );
}
