/** The labels of one conversation: ticked at once, made, renamed and removed here. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Pencil, Trash2 } from "lucide-react";
import { type FormEvent, type RefObject, useRef, useState } from "react";
import { api, take } from "../../api/client";
import { ApiProblem } from "../../api/problem";
import { Button, IconButton } from "../../design/Button";
import { Dialog } from "../../design/Dialog";
import { Field } from "../../design/Field";
import { ErrorNote } from "../../design/Parts";
import { labelsQuery, putLabels, rowQuery } from "./api";
import { colours } from "./labels";
import css from "./labels.module.css";
import type { Label, LabelColour, Row } from "./wire";
import { useWords } from "./words";

/** As the API bounds them. */
const LONGEST = 40;
const MOST = 10;

export function LabelsDialog({ row, onClose }: { row: Row; onClose: () => void }) {
  const say = useWords();
  const cache = useQueryClient();
  const start = useRef<HTMLInputElement>(null);
  const labels = useQuery(labelsQuery);
  const [changed, change] = useState<Label | null>(null);
  const isFull = row.labels.length >= MOST;
  const tick = useMutation({
    mutationFn: ({ id, isOn }: { id: string; isOn: boolean }) =>
      putLabels(row.id, isOn ? { add: [id], remove: [] } : { add: [], remove: [id] }),
    // The tick is there at once; the server has the last word.
    onMutate: ({ id, isOn }) =>
      cache.setQueryData(
        rowQuery(row.id).queryKey,
        (before: Row | undefined) =>
          before && {
            ...before,
            labels: isOn ? [...before.labels, id] : before.labels.filter((one) => one !== id),
          },
      ),
    onError: () => void cache.invalidateQueries({ queryKey: rowQuery(row.id).queryKey }),
    meta: { stale: ["inbox", "conversations"] },
  });
  const remove = useMutation({
    mutationFn: (id: string) => take(api.DELETE("/api/inbox/labels/{id}", { params: { path: { id } } })),
    meta: { stale: ["labels", "inbox", "conversations"] },
  });
  return (
    <Dialog
      open
      onClose={onClose}
      initialFocus={start}
      title={say("labels.title")}
      about={say("labels.about")}
      actions={
        <Button look="primary" onClick={onClose}>
          {say("labels.done")}
        </Button>
      }
    >
      {labels.data?.length === 0 && <p className={css.none}>{say("labels.none")}</p>}
      <ul className={css.choices}>
        {labels.data?.map((label) => {
          const isOn = row.labels.includes(label.id);
          return (
            <li key={label.id}>
              <label className={css.choice}>
                <input
                  type="checkbox"
                  checked={isOn}
                  disabled={!isOn && isFull}
                  onChange={() => tick.mutate({ id: label.id, isOn: !isOn })}
                />
                <span className={css.name} data-colour={label.colour}>
                  {label.name}
                </span>
              </label>
              <IconButton
                size="small"
                label={say("labels.change", { name: label.name })}
                icon={<Pencil size={14} strokeWidth={1.5} />}
                onClick={() => change(label)}
              />
              <IconButton
                size="small"
                label={say("labels.remove", { name: label.name })}
                icon={<Trash2 size={14} strokeWidth={1.5} />}
                onClick={() => remove.mutate(label.id)}
              />
            </li>
          );
        })}
      </ul>
      {isFull && <p className={css.none}>{say("labels.full", { most: MOST })}</p>}
      <LabelForm
        key={changed?.id ?? "new"}
        start={start}
        label={changed}
        onKept={(label) => {
          if (!changed && !isFull) tick.mutate({ id: label.id, isOn: true });
          change(null);
        }}
        onCancel={() => change(null)}
      />
      {(labels.isError || tick.isError || remove.isError) && (
        <ErrorNote error={labels.error ?? tick.error ?? remove.error} />
      )}
    </Dialog>
  );
}

/** Makes a label, or changes one. */
function LabelForm({
  start,
  label,
  onKept,
  onCancel,
}: {
  start: RefObject<HTMLInputElement | null>;
  label: Label | null;
  onKept: (label: Label) => void;
  onCancel: () => void;
}) {
  const say = useWords();
  const [name, setName] = useState(label?.name ?? "");
  const [colour, setColour] = useState<LabelColour>(label?.colour ?? "blue");
  const keep = useMutation({
    mutationFn: (): Promise<Label> => {
      const body = { name: name.trim(), colour };
      return label
        ? take(api.PUT("/api/inbox/labels/{id}", { params: { path: { id: label.id } }, body }))
        : take(api.POST("/api/inbox/labels", { body }));
    },
    meta: { stale: ["labels"] },
    onSuccess: (kept) => {
      setName("");
      onKept(kept);
    },
  });
  const isKnown = keep.error instanceof ApiProblem && keep.error.code === "conflict";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() !== "" && !keep.isPending) keep.mutate();
  };
  return (
    <form className={css.new} onSubmit={submit}>
      <Field
        ref={start}
        label={say(label ? "labels.rename" : "labels.new")}
        value={name}
        maxLength={LONGEST}
        placeholder={say("labels.example")}
        error={isKnown ? say("labels.known") : null}
        onChange={(event) => {
          setName(event.target.value);
          keep.reset();
        }}
        after={
          <>
            {label && <Button onClick={onCancel}>{say("labels.cancel")}</Button>}
            <Button type="submit" disabled={name.trim() === ""} busy={keep.isPending}>
              {say(label ? "labels.save" : "labels.add")}
            </Button>
          </>
        }
      />
      <fieldset className={css.colours}>
        <legend>{say("labels.colour")}</legend>
        {colours.map((one) => (
          <label key={one} className={css.colour}>
            <input type="radio" name="colour" checked={colour === one} onChange={() => setColour(one)} />
            <span className={css.name} data-colour={one}>
              {say(`colour.${one}`)}
            </span>
          </label>
        ))}
      </fieldset>
      {keep.isError && !isKnown && <ErrorNote error={keep.error} />}
    </form>
  );
}
