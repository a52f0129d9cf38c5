/** A GGUF file of the owner's: chosen here, sent with its progress, installed under its own name. */
import { useMutation } from "@tanstack/react-query";
import { FilePlus2 } from "lucide-react";
import { useRef, useState } from "react";
import { sendModel } from "../../api/upload";
import { Button } from "../../design/Button";
import { ErrorNote } from "../../design/Parts";
import { toast } from "../../design/Toast";
import { useFormat } from "../../i18n/format";
import styles from "./LocalModel.module.css";
import settings from "./Settings.module.css";
import { useWords } from "./words";

export function TakeIn() {
  const say = useWords();
  const format = useFormat();
  const picker = useRef<HTMLInputElement>(null);
  const [part, setPart] = useState(0);
  const stop = useRef<() => void>(undefined);
  const take = useMutation({
    mutationFn: (file: File) => {
      setPart(0);
      const sending = sendModel(file, setPart);
      stop.current = sending.stop;
      return sending.done;
    },
    meta: { stale: ["models"] },
    onSuccess: ({ name }) => void toast({ text: say("take.done", { name }) }),
  });
  const isStopped = take.error instanceof DOMException;
  const isUnfit = take.error && "code" in take.error && take.error.code === "invalid";
  return (
    <div className={settings.form}>
      <input
        ref={picker}
        type="file"
        accept=".gguf"
        hidden
        aria-label={say("take.choose")}
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = "";
          if (file) take.mutate(file);
        }}
      />
      <div className={settings.row}>
        <Button
          icon={<FilePlus2 size={16} strokeWidth={1.5} />}
          busy={take.isPending}
          onClick={() => picker.current?.click()}
        >
          {say("take.choose")}
        </Button>
        {take.isPending && (
          <>
            <progress className={styles.progress} aria-label={take.variables?.name} value={part} max={1} />
            <span className={settings.note}>
              {part < 1
                ? say("local.progress", {
                    there: format.size(part * (take.variables?.size ?? 0)),
                    all: format.size(take.variables?.size ?? 0),
                  })
                : say("take.checking")}
            </span>
            <Button look="quiet" onClick={() => stop.current?.()}>
              {say("take.stop")}
            </Button>
          </>
        )}
      </div>
      <p className={settings.note}>{say("take.about")}</p>
      {isUnfit && (
        <p className={settings.bad} role="alert">
          {say("take.unfit")}
        </p>
      )}
      {take.error && !isUnfit && !isStopped && <ErrorNote error={take.error} />}
    </div>
  );
}
