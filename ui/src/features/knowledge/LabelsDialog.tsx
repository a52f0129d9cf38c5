/** Labels of one or many documents: ticked, half ticked where only some have it, a new one typed. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import { api, take } from "../../api/client";
import { kindsQuery } from "../../api/queries";
import type { Document } from "../../api/types";
import { Button } from "../../design/Button";
import { Dialog } from "../../design/Dialog";
import { Field } from "../../design/Field";
import { ErrorNote } from "../../design/Parts";
import { useFormat } from "../../i18n/format";
import styles from "./Labels.module.css";
import { useWords } from "./words";

const LONGEST = 40;
const MOST = 20;

export function LabelsDialog({
  documents,
  onClose,
}: {
  documents: readonly Document[];
  onClose: () => void;
}) {
  const say = useWords();
  const format = useFormat();
  const known = useQuery(kindsQuery).data?.labels.map(({ name }) => name) ?? [];
  const start = useRef<HTMLInputElement>(null);
  const [text, setText] = useState("");
  const [added, setAdded] = useState<readonly string[]>([]);
  /** What was decided here; a label that is not in it stays as it is. */
  const [wanted, setWanted] = useState<ReadonlyMap<string, boolean>>(new Map());
  const save = useMutation({
    mutationFn: () => {
      const ids = documents.map(({ id }) => id);
      const add = [...wanted].filter(([, isOn]) => isOn).map(([label]) => label);
      const remove = [...wanted].filter(([, isOn]) => !isOn).map(([label]) => label);
      return take(api.POST("/api/labels", { body: { documents: ids, add, remove } }));
    },
    meta: { stale: ["documents"] },
    onSuccess: onClose,
  });

  const names = sorted([...added, ...documents.flatMap(({ labels }) => labels), ...known]);
  const has = (document: Document, name: string) => document.labels.some((label) => same(label, name));
  const shareOf = (name: string) => {
    const decided = wanted.get(name);
    if (decided !== undefined) return decided ? 1 : 0;
    return documents.filter((document) => has(document, name)).length / documents.length;
  };
  const decide = (name: string, isOn: boolean) => setWanted((before) => new Map(before).set(name, isOn));
  const label = text.replace(/\s+/g, " ").trim();
  const isWrong = label.includes(",");
  const isTooMany = documents.some(
    (document) => names.filter((name) => wanted.get(name) ?? has(document, name)).length > MOST,
  );
  const add = (event: FormEvent) => {
    event.preventDefault();
    if (label === "" || isWrong) return;
    const there = names.find((name) => same(name, label));
    if (!there) setAdded((before) => [label, ...before]);
    decide(there ?? label, true);
    setText("");
  };
  const error = isWrong ? say("labels.comma") : isTooMany ? say("labels.tooMany", { most: MOST }) : null;
  return (
    <Dialog
      open
      onClose={onClose}
      initialFocus={start}
      title={say("labels.title")}
      about={say("labels.about", { count: documents.length })}
      actions={
        <>
          <Button onClick={onClose}>{say("cancel")}</Button>
          <Button
            look="primary"
            busy={save.isPending}
            disabled={wanted.size === 0 || isTooMany}
            onClick={() => save.mutate()}
          >
            {say("save")}
          </Button>
        </>
      }
    >
      <form className={styles.new} onSubmit={add}>
        <Field
          ref={start}
          label={say("labels.new")}
          value={text}
          maxLength={LONGEST}
          placeholder={say("labels.example")}
          error={error}
          onChange={(event) => setText(event.target.value)}
          after={
            <Button type="submit" disabled={label === "" || isWrong}>
              {say("labels.add")}
            </Button>
          }
        />
      </form>
      {names.length > 0 && (
        <ul className={styles.names}>
          {names.map((name) => {
            const share = shareOf(name);
            return (
              <li key={name}>
                <label className={styles.choice}>
                  <input
                    type="checkbox"
                    checked={share === 1}
                    ref={(box) => {
                      if (box) box.indeterminate = share > 0 && share < 1;
                    }}
                    onChange={() => decide(name, share < 1)}
                  />
                  <span>{name}</span>
                  {share > 0 && share < 1 && (
                    <span className={styles.some}>
                      {say("labels.some", {
                        part: format.number(Math.round(share * documents.length)),
                        total: format.number(documents.length),
                      })}
                    </span>
                  )}
                </label>
              </li>
            );
          })}
        </ul>
      )}
      {save.isError && <ErrorNote error={save.error} />}
    </Dialog>
  );
}

/** As the program compares labels. */
function same(a: string, b: string): boolean {
  return keyOf(a) === keyOf(b);
}

function keyOf(label: string): string {
  return label.toLowerCase().replaceAll("ё", "е");
}

function sorted(names: readonly string[]): string[] {
  const byKey = new Map<string, string>();
  for (const name of names) if (!byKey.has(keyOf(name))) byKey.set(keyOf(name), name);
  return [...byKey.values()].sort((a, b) => a.localeCompare(b));
}
