/** Making a backup, those that are there, and going back to one. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { Archive } from "lucide-react";
import { useState } from "react";
import { api, take } from "../../api/client";
import { backupsQuery } from "../../api/queries";
import type { Backup } from "../../api/types";
import { Button } from "../../design/Button";
import { ErrorNote, Skeleton } from "../../design/Parts";
import { toast } from "../../design/Toast";
import { useFormat } from "../../i18n/format";
import { Restore } from "./Restore";
import styles from "./Settings.module.css";
import { useWords } from "./words";

/** Backups shown before somebody asks for all. */
const FEW = 5;

export function Backups() {
  const say = useWords();
  const format = useFormat();
  const [chosen, choose] = useState<Backup>();
  const [isAll, setAll] = useState(false);
  const backups = useQuery(backupsQuery);
  const make = useMutation({
    mutationFn: () => take(api.POST("/api/backups")),
    meta: { stale: ["backups", "status"] },
    onSuccess: ({ took_ms }) => void toast({ text: say("backup.done", { took: format.duration(took_ms) }) }),
  });
  const all = backups.data ?? [];
  const shown = isAll ? all : all.slice(0, FEW);
  const first = all[0];
  return (
    <>
      {backups.isPending && <Skeleton lines={2} height={36} />}
      {backups.data?.length === 0 && <p className={styles.note}>{say("backup.none")}</p>}
      {first && (
        <>
          <ul className={styles.list} aria-label={say("backup.list")}>
            {shown.map((backup) => (
              <li key={backup.name}>
                <span className="numbers">
                  {format.moment(backup.made_at)} · {format.size(backup.bytes)}
                </span>
                <Button size="small" look="quiet" onClick={() => choose(backup)}>
                  {say("backup.restore")}
                </Button>
                <code>{backup.name}</code>
              </li>
            ))}
          </ul>
          <p className={styles.note}>
            {say("backup.folder")} <code>{folderOf(first.path)}</code>
          </p>
        </>
      )}
      {(make.error ?? backups.error) && <ErrorNote error={make.error ?? backups.error} />}
      <div className={styles.row}>
        <Button
          icon={<Archive size={16} strokeWidth={1.5} aria-hidden="true" />}
          busy={make.isPending}
          onClick={() => make.mutate()}
        >
          {say("backup.make")}
        </Button>
        {all.length > FEW && !isAll && (
          <Button look="quiet" onClick={() => setAll(true)}>
            {say("backup.all", { count: all.length })}
          </Button>
        )}
      </div>
      {chosen && <Restore backup={chosen} onClose={() => choose(undefined)} />}
    </>
  );
}

function folderOf(path: string): string {
  return path.replace(/[/\\][^/\\]*$/, "");
}
