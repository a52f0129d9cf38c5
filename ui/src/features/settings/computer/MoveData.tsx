/** Another place for the data: first what it comes to, then the word to do it. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { CircleAlert } from "lucide-react";
import { type FormEvent, useId, useState } from "react";
import { api, take } from "../../../api/client";
import { Button } from "../../../design/Button";
import { Dialog } from "../../../design/Dialog";
import { Field } from "../../../design/Field";
import { ErrorNote, ProgressLine } from "../../../design/Parts";
import { Toggle } from "../../../design/Toggle";
import { useFolderChooser } from "../../../host/window";
import { useFormat } from "../../../i18n/format";
import styles from "../Settings.module.css";
import css from "./computer.module.css";
import { useWords } from "./words";

export function MoveData({ from, onClose }: { from: string; onClose: () => void }) {
  const say = useWords();
  const format = useFormat();
  const form = useId();
  const choose = useFolderChooser();
  const [path, setPath] = useState("");
  const [asked, setAsked] = useState("");
  const [accepts, setAccepts] = useState(false);
  const to = path.trim();
  const look = useQuery({
    queryKey: ["host", "plan", asked],
    queryFn: ({ signal }) => take(api.POST("/api/host/data-folder/plan", { body: { to: asked }, signal })),
    enabled: asked !== "",
    staleTime: 0,
  });
  const plan = asked === to && asked !== "" ? look.data : undefined;
  const chosen = useMutation({
    mutationFn: async () => choose?.(),
    onSuccess: (folder) => {
      if (folder === undefined) return;
      const inside = folderIn(folder);
      setPath(inside);
      setAsked(inside);
    },
  });
  const move = useMutation({
    mutationFn: async () => {
      await take(api.POST("/api/host/data-folder/move", { body: { to, onto_network: accepts } }));
      // The window goes to a page of its own: nothing is to be pressed until then.
      await new Promise(() => {});
    },
  });
  const isFree = plan !== undefined && plan.hindrance === null;
  const isReady = isFree && (plan.network === null || accepts);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isReady) move.mutate();
    else if (to !== "") setAsked(to);
  };
  return (
    <Dialog
      open
      onClose={() => !move.isPending && onClose()}
      title={say("move.title")}
      about={say("move.about")}
      actions={
        <>
          <Button look="quiet" disabled={move.isPending} onClick={onClose}>
            {say("cancel")}
          </Button>
          <Button
            type="submit"
            form={form}
            look="primary"
            busy={move.isPending || (look.isFetching && plan === undefined)}
            disabled={to === "" || (plan !== undefined && !isReady)}
          >
            {isFree ? say("move.do") : say("move.look")}
          </Button>
        </>
      }
    >
      <form id={form} className={styles.form} onSubmit={submit}>
        <Field
          label={say("move.to")}
          help={say("move.toHelp", { from })}
          value={path}
          autoComplete="off"
          spellCheck={false}
          maxLength={4000}
          disabled={move.isPending}
          error={plan?.hindrance ? say(`hindrance.${plan.hindrance}`) : undefined}
          onChange={(event) => setPath(event.target.value)}
          after={
            choose && (
              <Button busy={chosen.isPending} disabled={move.isPending} onClick={() => chosen.mutate()}>
                {say("move.choose")}
              </Button>
            )
          }
          required
        />
        {plan && (isFree || plan.hindrance === "too_small") && (
          <p className={styles.note} role="status">
            {plan.free === null
              ? say("move.size", { size: format.size(plan.bytes) })
              : say("move.sizeFree", { size: format.size(plan.bytes), free: format.size(plan.free) })}
          </p>
        )}
        {isFree && plan.network !== null && (
          <>
            <p className={css.warning}>
              <CircleAlert size={16} strokeWidth={1.5} aria-hidden="true" />
              <span>{say("move.network")}</span>
            </p>
            <Toggle label={say("move.accept")} checked={accepts} onChange={setAccepts} />
          </>
        )}
        {isFree && (
          <ol className={css.steps}>
            <li>{say("step.stop")}</li>
            <li>{say("step.copy")}</li>
            <li>{say("step.start")}</li>
          </ol>
        )}
        {look.error && <ErrorNote error={look.error} />}
        {(chosen.error ?? move.error) && <ErrorNote error={chosen.error ?? move.error} />}
        {move.isPending && <ProgressLine label={say("move.running")} />}
      </form>
    </Dialog>
  );
}

/** A folder of its own in the one that was chosen: disks and home folders are never empty. */
function folderIn(chosen: string): string {
  const separator = chosen.includes("\\") ? "\\" : "/";
  return `${chosen.endsWith(separator) ? chosen : chosen + separator}ChatAI`;
}
