/** What the program said lately, newest first, followed while the page is open. */
import { queryOptions, useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useDeferredValue, useState } from "react";
import { api, take } from "../../../api/client";
import { Button } from "../../../design/Button";
import { Field, Select } from "../../../design/Field";
import { ErrorNote, Skeleton } from "../../../design/Parts";
import { saveText } from "../../../host/host";
import { useFormat } from "../../../i18n/format";
import { CopyButton } from "../people/CopyButton";
import styles from "../Settings.module.css";
import css from "./health.module.css";
import { asText, fitting, type Level, type Line, type Log, levels, merged } from "./log";
import { useWords } from "./words";

/** Lines that are shown before somebody asks for older ones. */
const FEW = 200;
/** How often it is asked for new lines, in milliseconds. */
const OFTEN = 2_000;

const logQuery = (level: Level) =>
  queryOptions({
    queryKey: ["log", level],
    queryFn: async ({ signal, client, queryKey }) => {
      const known = client.getQueryData<Log>(queryKey);
      const query = { after: known?.last ?? 0, level };
      return merged(known, await take(api.GET("/api/log", { params: { query }, signal })));
    },
    refetchInterval: OFTEN,
  });

export function LogLines() {
  const say = useWords();
  const [level, setLevel] = useState<Level>("info");
  const [words, setWords] = useState("");
  const wanted = useDeferredValue(words);
  const [most, setMost] = useState(FEW);
  const log = useQuery(logQuery(level));
  const lines = log.data ? fitting(log.data.lines, wanted) : [];
  return (
    <div className={styles.form}>
      <div className={styles.two}>
        <Select
          label={say("log.level")}
          value={level}
          options={levels.map((level) => ({ value: level, label: say(`log.level.${level}`) }))}
          onChange={(event) => setLevel(levels.find((one) => one === event.target.value) ?? "info")}
        />
        <Field
          label={say("log.words")}
          type="search"
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
      </div>
      {log.isError && !log.data && <ErrorNote error={log.error} onRetry={() => void log.refetch()} />}
      {log.isPending && <Skeleton lines={6} height={18} />}
      {log.data && (
        <>
          <div className={styles.row}>
            <span className={styles.note}>{say("log.count", { count: lines.length })}</span>
            <CopyButton text={asText(lines)} label={say("log.copy")} done={say("log.copied")} />
            <Button
              size="small"
              icon={<Download size={16} strokeWidth={1.5} aria-hidden="true" />}
              onClick={() => saveText("chatai-log.txt", asText(lines), "text/plain")}
            >
              {say("log.save")}
            </Button>
          </div>
          <Lines lines={lines.slice(0, most)} isFiltered={wanted.trim() !== ""} />
          {lines.length > most && (
            <div>
              <Button onClick={() => setMost(most + FEW)}>{say("log.older")}</Button>
            </div>
          )}
          {log.data.file !== null && (
            <p className={styles.note}>
              {say("log.file")} <code>{log.data.file}</code>
            </p>
          )}
          {log.data.journal && <p className={styles.note}>{say("log.journal")}</p>}
        </>
      )}
    </div>
  );
}

function Lines({ lines, isFiltered }: { lines: readonly Line[]; isFiltered: boolean }) {
  const say = useWords();
  const format = useFormat();
  if (lines.length === 0)
    return <p className={styles.note}>{isFiltered ? say("log.noneFound") : say("log.none")}</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
    <ol className={css.lines} aria-label={say("log.list")} tabIndex={0}>
      {lines.map(({ number, at, level, from, text }) => (
        <li key={number} data-level={level}>
          <time dateTime={at}>{format.exact(at)}</time> <b>{say(`level.${level}`)}</b> <span>{from}</span>
          <p>{text}</p>
        </li>
      ))}
    </ol>
  );
}
