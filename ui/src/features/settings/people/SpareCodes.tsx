/** Spare codes, shown this once: copied, saved or written down. */
import { Download } from "lucide-react";
import { Button } from "../../../design/Button";
import { Dialog } from "../../../design/Dialog";
import { CopyButton } from "./CopyButton";
import css from "./people.module.css";
import { useWords } from "./words";

export function SpareCodes({ codes, onClose }: { codes: readonly string[]; onClose: () => void }) {
  const say = useWords();
  const text = codes.join("\n");
  const save = () => {
    const url = URL.createObjectURL(new Blob([`${text}\n`], { type: "text/plain" }));
    const anchor = document.createElement("a");
    anchor.href = url;
    anchor.download = "chatai-codes.txt";
    anchor.click();
    // The browser has taken it by the next turn.
    setTimeout(() => URL.revokeObjectURL(url));
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={say("step.codesTitle")}
      about={say("step.codesAbout")}
      actions={
        <Button look="primary" onClick={onClose}>
          {say("step.kept")}
        </Button>
      }
    >
      <div className={css.form}>
        <ul className={css.codes} aria-label={say("step.codes")}>
          {codes.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ul>
        <div className={css.actions}>
          <CopyButton text={text} label={say("step.copy")} done={say("step.copied")} />
          <Button
            size="small"
            icon={<Download size={16} strokeWidth={1.5} aria-hidden="true" />}
            onClick={save}
          >
            {say("step.save")}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
