/** Why a document could not be read: what, why, what to do, and the button that does it. */
import { FilePlus2, FileWarning, RotateCw, Trash2 } from "lucide-react";
import { useLocation } from "wouter";
import { useMay } from "../../api/may";
import type { Document, ReadFailure } from "../../api/types";
import { Button, type ButtonProps } from "../../design/Button";
import styles from "./Document.module.css";
import { useReread } from "./reread";
import { readable } from "./story";
import { addFiles } from "./uploads";
import { useWords } from "./words";

/** What may pass when it is tried again. */
const again: readonly ReadFailure[] = ["reader_stopped", "too_slow"];

export function Failure({ document, onRemove }: { document: Document; onRemove: () => void }) {
  const say = useWords();
  const [, go] = useLocation();
  const may = useMay();
  const { failure } = document;
  if (!failure) return null;
  return (
    <section className={styles.failure}>
      <h2>
        <FileWarning size={20} strokeWidth={1.5} aria-hidden="true" />
        {say(`failure.${failure}.what`)}
      </h2>
      <dl>
        <div>
          <dt>{say("failure.why")}</dt>
          <dd>{say(`failure.${failure}.why`)}</dd>
        </div>
        <div>
          <dt>{say("failure.todo")}</dt>
          <dd>{say(`failure.${failure}.do`)}</dd>
        </div>
        {failure === "unsupported" && (
          <div>
            <dt>{say("failure.readable")}</dt>
            <dd>{readable}</dd>
          </div>
        )}
      </dl>
      {may.change && (
        <div>
          <Fix document={document} look="primary" onPicked={() => go("/knowledge")} />
          <Button icon={<Trash2 size={16} strokeWidth={1.5} aria-hidden="true" />} onClick={onRemove}>
            {say("row.remove")}
          </Button>
        </div>
      )}
    </section>
  );
}

/** The button for what is to be done: reading again, or choosing the file that takes its place. */
export function Fix({
  document,
  onPicked,
  ...rest
}: { document: Document; onPicked?: () => void } & Pick<ButtonProps, "look" | "size">) {
  const say = useWords();
  const reread = useReread();
  const { id, failure } = document;
  if (!failure) return null;
  if (!wantsAnother(document)) {
    return (
      <Button
        {...rest}
        icon={<RotateCw size={16} strokeWidth={1.5} aria-hidden="true" />}
        busy={reread.isPending}
        onClick={() => reread.mutate([id])}
      >
        {say("row.reread")}
      </Button>
    );
  }
  return (
    <Button
      {...rest}
      icon={<FilePlus2 size={16} strokeWidth={1.5} aria-hidden="true" />}
      onClick={() => pickInstead(id, onPicked)}
    >
      {say("failure.instead")}
    </Button>
  );
}

/** True when another file is to take the place of this one; otherwise it is read again. */
export function wantsAnother({ failure }: Document): boolean {
  return failure !== null && !again.includes(failure);
}

/** Asks for the file that takes its place; nothing happens when none is chosen. */
export function pickInstead(id: string, onPicked?: () => void): void {
  pickFile((files) => {
    addFiles(files, id);
    onPicked?.();
  });
}

function pickFile(onFiles: (files: File[]) => void): void {
  const picker = window.document.createElement("input");
  picker.type = "file";
  picker.onchange = () => picker.files && picker.files.length > 0 && onFiles([...picker.files]);
  picker.click();
}
