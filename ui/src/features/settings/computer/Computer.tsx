/** The computer that the window stands on: starting with it, and where the data lies. Only in the window. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { CircleAlert, FolderOpen } from "lucide-react";
import { useState } from "react";
import { api, take } from "../../../api/client";
import type { ThisComputer } from "../../../api/types";
import { Button } from "../../../design/Button";
import { EmptyState, ErrorNote, Section, Skeleton } from "../../../design/Parts";
import { Toggle } from "../../../design/Toggle";
import { computerQuery, useInWindow } from "../../../host/window";
import { useFormat } from "../../../i18n/format";
import styles from "../Settings.module.css";
import css from "./computer.module.css";
import { MoveData } from "./MoveData";
import { useWords } from "./words";

export function Computer() {
  const say = useWords();
  const inWindow = useInWindow();
  const computer = useQuery({ ...computerQuery, enabled: inWindow });
  if (!inWindow) return <EmptyState title={say("elsewhere.title")}>{say("elsewhere.about")}</EmptyState>;
  if (computer.isError && !computer.data) {
    return <ErrorNote error={computer.error} onRetry={() => void computer.refetch()} />;
  }
  return (
    <div>
      <Section title={say("start.title")} about={say("start.about")}>
        {computer.data ? <Starting on={computer.data.starts_with_computer} /> : <Skeleton height={36} />}
      </Section>
      <Section title={say("data.title")} about={say("data.about")}>
        {computer.data ? <DataFolder computer={computer.data} /> : <Skeleton lines={2} height={36} />}
      </Section>
    </div>
  );
}

function Starting({ on }: { on: boolean }) {
  const say = useWords();
  const change = useMutation({
    mutationFn: (on: boolean) => take(api.PUT("/api/host/start-with-computer", { body: { on } })),
    meta: { stale: ["host"] },
  });
  return (
    <div className={styles.form}>
      <Toggle
        label={say("start.on")}
        help={say("start.help")}
        checked={change.isPending ? change.variables : on}
        onChange={(on) => change.mutate(on)}
      />
      {change.error && <ErrorNote error={change.error} />}
    </div>
  );
}

function DataFolder({ computer }: { computer: ThisComputer }) {
  const say = useWords();
  const format = useFormat();
  const [isMoving, setMoving] = useState(false);
  const show = useMutation({
    mutationFn: (folder: "data" | "old") => take(api.POST("/api/host/show", { body: { folder } })),
  });
  const { movable } = computer;
  return (
    <div className={styles.form}>
      <div className={css.place}>
        <code>{computer.data}</code>
        <span className="numbers">{format.size(computer.bytes)}</span>
      </div>
      {computer.network !== null && (
        <p className={css.warning}>
          <CircleAlert size={16} strokeWidth={1.5} aria-hidden="true" />
          <span>{say("data.network")}</span>
        </p>
      )}
      {computer.failed !== null && (
        <div className={css.failed} role="alert">
          <strong>{say("data.failed")}</strong>
          <code>{computer.failed}</code>
        </div>
      )}
      <div className={styles.row}>
        <Button
          icon={<FolderOpen size={16} strokeWidth={1.5} aria-hidden="true" />}
          onClick={() => show.mutate("data")}
        >
          {say("data.show")}
        </Button>
        {movable === "yes" && <Button onClick={() => setMoving(true)}>{say("data.move")}</Button>}
      </div>
      {movable !== "yes" && <p className={styles.note}>{say(`data.movable.${movable}`)}</p>}
      {computer.old !== null && (
        <div className={css.old}>
          <p className={styles.note}>
            {say("data.old")} <code>{computer.old}</code>
          </p>
          <Button size="small" onClick={() => show.mutate("old")}>
            {say("data.showOld")}
          </Button>
        </div>
      )}
      {show.error && <ErrorNote error={show.error} />}
      {isMoving && <MoveData from={computer.data} onClose={() => setMoving(false)} />}
    </div>
  );
}
