/** Who changed what and when, how it was, and the way back, which is a new version itself. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "../../design/Button";
import { Dialog } from "../../design/Dialog";
import { Badge, ErrorNote, Skeleton } from "../../design/Parts";
import { toast } from "../../design/Toast";
import { useFormat } from "../../i18n/format";
import { returnTo, versionQuery, versionsQuery } from "./api";
import css from "./assistants.module.css";
import { differences } from "./difference";
import type { Assistant, Version } from "./wire";
import { useWords } from "./words";

interface Props {
  assistant: Assistant;
  mayChange: boolean;
  /** Something is changed and not saved: first that, then another version. */
  hasDraft: boolean;
}

export function Versions({ assistant, mayChange, hasDraft }: Props) {
  const say = useWords();
  const format = useFormat();
  const versions = useQuery(versionsQuery(assistant.id));
  const [opened, setOpened] = useState<Version>();
  if (versions.isPending) return <Skeleton lines={5} height={48} />;
  if (versions.isError && !versions.data) {
    return <ErrorNote error={versions.error} onRetry={() => void versions.refetch()} />;
  }
  const changed = (version: Version) => {
    if (version.returned_to !== null) return say("version.returned", { version: version.returned_to });
    if (version.changed.length === 0) return say(version.version === 1 ? "version.made" : "version.kept");
    return format.list(version.changed.map((part) => say(`changed.${part}`)));
  };
  return (
    <>
      <p className={css.note}>{say("version.about")}</p>
      <ol className={css.versions} aria-label={say("part.versions")}>
        {versions.data.map((version) => {
          const isNow = version.version === assistant.version;
          return (
            <li key={version.version} className={css.version}>
              <div className={css.versionWords}>
                <p>
                  <b>{say("version.number", { version: version.version })}</b>
                  {isNow && <Badge tone="accent">{say("version.now")}</Badge>}
                </p>
                <p>{changed(version)}</p>
                <p className={css.note}>
                  {version.by === ""
                    ? format.moment(version.at)
                    : say("version.by", { name: version.by, when: format.moment(version.at) })}
                </p>
              </div>
              {!isNow && (
                <Button
                  size="small"
                  aria-label={say("version.openThis", { version: version.version })}
                  onClick={() => setOpened(version)}
                >
                  {say("version.open")}
                </Button>
              )}
            </li>
          );
        })}
      </ol>
      {opened && (
        <Opened
          assistant={assistant}
          version={opened}
          mayChange={mayChange}
          hasDraft={hasDraft}
          onClose={() => setOpened(undefined)}
        />
      )}
    </>
  );
}

interface OpenedProps {
  assistant: Assistant;
  version: Version;
  mayChange: boolean;
  hasDraft: boolean;
  onClose: () => void;
}

function Opened({ assistant, version, mayChange, hasDraft, onClose }: OpenedProps) {
  const say = useWords();
  const format = useFormat();
  const then = useQuery(versionQuery(assistant.id, version.version));
  const back = useMutation({
    mutationFn: () => returnTo(assistant.id, version.version, assistant.version),
    meta: { stale: ["assistants", "home"] },
    onSuccess: () => {
      toast({ text: say("version.done", { version: version.version }) });
      onClose();
    },
  });
  const list = then.data ? differences(then.data, assistant, say, format) : [];
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={say("version.title", { version: version.version })}
      about={say("version.compare", { when: format.moment(version.at) })}
      actions={
        <>
          <Button onClick={onClose}>{say("cancel")}</Button>
          {mayChange && (
            <Button
              look="primary"
              disabled={hasDraft || list.length === 0}
              busy={back.isPending}
              onClick={() => back.mutate()}
            >
              {say("version.return")}
            </Button>
          )}
        </>
      }
    >
      {then.isPending && <Skeleton lines={4} height={24} />}
      {then.isError && <ErrorNote error={then.error} onRetry={() => void then.refetch()} />}
      {then.data && list.length === 0 && <p>{say("version.same")}</p>}
      {list.map(({ part, before, after }) => (
        <section key={part} className={css.difference} aria-label={say(`changed.${part}`)}>
          <h3>{say(`changed.${part}`)}</h3>
          <dl>
            <div>
              <dt>{say("version.then")}</dt>
              <dd dir="auto">{before || say("version.empty")}</dd>
            </div>
            <div>
              <dt>{say("version.nowIs")}</dt>
              <dd dir="auto">{after || say("version.empty")}</dd>
            </div>
          </dl>
        </section>
      ))}
      {hasDraft && <p className={css.note}>{say("version.draft")}</p>}
      {back.isError && <ErrorNote error={back.error} />}
    </Dialog>
  );
}
