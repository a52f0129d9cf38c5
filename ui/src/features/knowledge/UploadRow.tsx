/** A file on its way in. */
import { FileUp, RotateCw, TriangleAlert, X } from "lucide-react";
import { ApiProblem } from "../../api/problem";
import { Button, IconButton } from "../../design/Button";
import { ProgressLine, useErrorWords } from "../../design/Parts";
import { useFormat } from "../../i18n/format";
import styles from "./Row.module.css";
import { dismiss, sendAgain, type Upload } from "./uploads";
import { useWords } from "./words";

export function UploadRow({ upload }: { upload: Upload }) {
  const say = useWords();
  const format = useFormat();
  const { key, file, state, part } = upload;
  const failed = state === "failed";
  const tooLarge = upload.error instanceof ApiProblem && upload.error.code === "too_large";
  return (
    <div className={`${styles.row} ${styles.alone}`} aria-live="polite">
      <span className={failed ? `${styles.icon} ${styles.bad}` : styles.icon}>
        {failed ? (
          <TriangleAlert size={20} strokeWidth={1.5} aria-hidden="true" />
        ) : (
          <FileUp size={20} strokeWidth={1.5} aria-hidden="true" />
        )}
      </span>
      <div className={styles.main}>
        <span className={styles.name}>{file.name}</span>
        <UploadStory upload={upload} />
        {state === "sending" && (
          <ProgressLine value={part} label={say("story.uploading", { part: format.percent(part) })} />
        )}
      </div>
      <span className={`${styles.size} numbers`}>{format.size(file.size)}</span>
      {failed && !tooLarge && file.size > 0 && (
        <Button size="small" icon={<RotateCw size={16} strokeWidth={1.5} />} onClick={() => sendAgain(key)}>
          {say("upload.again")}
        </Button>
      )}
      <IconButton
        size="small"
        label={say(failed ? "upload.dismiss" : "upload.stop", { name: file.name })}
        icon={<X size={16} strokeWidth={1.5} />}
        onClick={() => dismiss(key)}
      />
    </div>
  );
}

function UploadStory({ upload: { state, part, error, file } }: { upload: Upload }) {
  const say = useWords();
  const format = useFormat();
  const words = useErrorWords();
  if (state === "queued") return <span className={styles.story}>{say("story.queued")}</span>;
  if (state === "sending") {
    return <span className={styles.story}>{say("story.uploading", { part: format.percent(part) })}</span>;
  }
  const code = error instanceof ApiProblem ? error.code : undefined;
  const why =
    code === "too_large"
      ? say("upload.tooLarge")
      : file.size === 0
        ? say("upload.empty")
        : `${words(error)}.`;
  return (
    <span className={styles.story}>
      <b>{say("upload.failed")}.</b> {why}
    </span>
  );
}
