/** Making a backup, and those that are there. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { Archive } from "lucide-react";
import { api, take } from "../../api/client";
import { backupsQuery } from "../../api/queries";
import { Button } from "../../design/Button";
import { ErrorNote } from "../../design/Parts";
import { toast } from "../../design/Toast";
import { useFormat } from "../../i18n/format";
import styles from "./Settings.module.css";
import { useWords } from "./words";

export function Backups() {
  const say = useWords();
  const format = useFormat();
  const backups = useQuery(backupsQuery);
  const make = useMutation({
    mutationFn: () => take(api.POST("/api/backups")),
    meta: { stale: ["backups", "status"] },
    onSuccess: ({ took_ms }) => void toast({ text: say("backup.done", { took: format.duration(took_ms) }) }),
  });
  return (
    <>
      {backups.data?.length === 0 && <p className={styles.note}>{say("backup.none")}</p>}
      {backups.data && backups.data.length > 0 && (
        <ul className={styles.list} aria-label={say("backup.list")}>
          {backups.data.slice(0, 5).map((backup) => (
            <li key={backup.name}>
              <span className="numbers">
                {format.moment(backup.made_at)} · {format.size(backup.bytes)}
              </span>
              <code>{backup.path}</code>
            </li>
          ))}
        </ul>
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
      </div>
    </>
  );
}
