/** A newer version: what is new, getting it, and what happens when it is installed. */
import { useMutation } from "@tanstack/react-query";
import { CircleCheck, Copy, CopyCheck, Download } from "lucide-react";
import { useState } from "react";
import { api, take } from "../../../api/client";
import type { FoundUpdate, Updates } from "../../../api/types";
import { Button } from "../../../design/Button";
import { ErrorNote, Section } from "../../../design/Parts";
import { copy } from "../../../host/host";
import { useFormat } from "../../../i18n/format";
import { useLanguage } from "../../../i18n/language";
import styles from "../Settings.module.css";
import css from "./updates.module.css";
import { useWords } from "./words";

export function Found({ now, found }: { now: Updates; found: FoundUpdate }) {
  const say = useWords();
  const format = useFormat();
  const notes = useLanguage() === "ru" ? found.notes_ru : found.notes_en;
  const { version } = found;
  return (
    <Section
      title={say("found.title", { version })}
      about={say("found.about", { day: format.day(found.published_at) })}
    >
      <div className={styles.form}>
        {notes !== "" && <p className={css.notes}>{notes}</p>}
        {found.size === null ? (
          <p className={styles.note}>{say("found.noPackage")}</p>
        ) : (
          <Getting now={now} version={version} size={found.size} />
        )}
      </div>
    </Section>
  );
}

function Getting({ now, version, size }: { now: Updates; version: string; size: number }) {
  const say = useWords();
  const format = useFormat();
  const { stage } = now;
  const download = useMutation({
    mutationFn: () => take(api.POST("/api/updates/download")),
    meta: { stale: ["settings"] },
  });
  const install = useMutation({
    mutationFn: () => take(api.POST("/api/updates/install")),
    meta: { stale: ["settings", "backups", "status", "home"] },
  });
  const error = download.error ?? install.error;
  const isBroken = now.trouble === "cut_off";
  return (
    <>
      {stage === "nothing" && (
        <div className={styles.row}>
          <Button
            look="primary"
            icon={<Download size={16} strokeWidth={1.5} aria-hidden="true" />}
            busy={download.isPending}
            onClick={() => download.mutate()}
          >
            {isBroken ? say("again") : say("downloadSize", { size: format.size(size) })}
          </Button>
        </div>
      )}
      {stage === "downloading" && (
        <div className={styles.row}>
          <progress
            className={css.progress}
            aria-label={say("coming", { version })}
            value={now.there}
            max={size}
          />
          <span className={`${styles.note} numbers`}>
            {say("progress", { there: format.size(now.there), all: format.size(size) })}
          </span>
        </div>
      )}
      {(stage === "downloaded" || stage === "installing") && (
        <>
          <p className={styles.good}>
            <CircleCheck size={16} strokeWidth={1.5} aria-hidden="true" />
            {say("downloaded")}
          </p>
          <div className={styles.row}>
            <Button
              look="primary"
              busy={install.isPending || stage === "installing"}
              onClick={() => install.mutate()}
            >
              {say(now.way === "shown" ? "prepare" : "install")}
            </Button>
          </div>
        </>
      )}
      <div role="status" className={styles.form}>
        {stage === "installing" && now.way !== "shown" && <p className={styles.note}>{say("installing")}</p>}
        {stage === "prepared" && now.command !== null && <Command command={now.command} />}
        {stage === "opened" && (
          <>
            <p>{say("opened")}</p>
            <div className={styles.row}>
              <Button busy={install.isPending} onClick={() => install.mutate()}>
                {say("openAgain")}
              </Button>
            </div>
          </>
        )}
        {stage === "installed" && <p>{say("installed", { version })}</p>}
      </div>
      {error && <ErrorNote error={error} />}
      {stage !== "installed" && stage !== "prepared" && <What way={now.way} />}
    </>
  );
}

function What({ way }: { way: Updates["way"] }) {
  const say = useWords();
  return (
    <div>
      <h3 className={css.what}>{say("what")}</h3>
      <ol className={css.steps}>
        <li>{say("step.backup")}</li>
        <li>{say(`step.${way}`)}</li>
        <li>{say("step.start")}</li>
        <li>{say("step.back")}</li>
      </ol>
    </div>
  );
}

function Command({ command }: { command: string }) {
  const say = useWords();
  const [isCopied, setCopied] = useState(false);
  const Icon = isCopied ? CopyCheck : Copy;
  return (
    <>
      <p>{say("prepared")}</p>
      <div className={css.command}>
        <code>{command}</code>
        <Button
          size="small"
          icon={<Icon size={16} strokeWidth={1.5} aria-hidden="true" />}
          onClick={() => void copy(command).then(setCopied)}
        >
          {say(isCopied ? "copied" : "copy")}
        </Button>
      </div>
    </>
  );
}
