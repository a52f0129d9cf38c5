/** Models that run on this computer, of one kind: which are there, which can be had, which one is chosen. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, take } from "../../api/client";
import { modelsQuery } from "../../api/queries";
import type { Model, OfferedModel } from "../../api/types";
import { Button } from "../../design/Button";
import { Dialog } from "../../design/Dialog";
import { ErrorNote, Skeleton } from "../../design/Parts";
import { toast } from "../../design/Toast";
import { useFormat } from "../../i18n/format";
import styles from "./LocalModel.module.css";
import settings from "./Settings.module.css";
import { TakeIn } from "./TakeIn";
import { useWords } from "./words";

/** The chat model that writes answers. */
export function LocalModel({ chosen, isUsed }: { chosen: string; isUsed: boolean }) {
  const say = useWords();
  return (
    <div className={settings.form}>
      <List kind="chat" label={say("local.title")} chosen={chosen} />
      {chosen !== "" && !isUsed && <p className={settings.note}>{say("local.unused")}</p>}
      <TakeIn />
    </div>
  );
}

/** The model that turns voice messages into words. */
export function SpeechModel({ chosen }: { chosen: string }) {
  const say = useWords();
  return (
    <div className={settings.form}>
      <List kind="speech" label={say("voice.title")} chosen={chosen} />
      <p className={settings.note}>{say(chosen === "" ? "voice.off" : "voice.on")}</p>
    </div>
  );
}

/** The model that puts found passages in order. */
export function OrderModel({ chosen }: { chosen: string }) {
  const say = useWords();
  return (
    <div className={settings.form}>
      <List kind="reranker" label={say("order.title")} chosen={chosen} />
      <p className={settings.note}>{say(chosen === "" ? "order.off" : "order.on")}</p>
    </div>
  );
}

type Kind = Exclude<Model["kind"], "embedder">;

function List({ kind, label, chosen }: { kind: Kind; label: string; chosen: string }) {
  const models = useQuery(modelsQuery);
  if (models.isPending) return <Skeleton lines={kind === "chat" ? 4 : 2} height={62} />;
  if (models.isError && !models.data)
    return <ErrorNote error={models.error} onRetry={() => void models.refetch()} />;
  const installed = models.data.installed.filter((model) => model.kind === kind);
  const offered = models.data.offered.filter((model) => model.kind === kind);
  return (
    <ul className={styles.list} aria-label={label}>
      {installed.map((model) => (
        <Installed key={model.name} model={model} kind={kind} isChosen={model.name === chosen} />
      ))}
      {offered.map((model) => (
        <Offered key={model.name} model={model} />
      ))}
    </ul>
  );
}

const chooseWord = {
  chat: { yes: "local.choose", no: "local.unchoose" },
  speech: { yes: "voice.choose", no: "voice.unchoose" },
  reranker: { yes: "order.choose", no: "order.unchoose" },
} as const;

/** The setting that holds the chosen model of each kind. */
const setting = { chat: "chat_model", speech: "speech_model", reranker: "reranker" } as const;

function Installed({ model, kind, isChosen }: { model: Model; kind: Kind; isChosen: boolean }) {
  const say = useWords();
  const format = useFormat();
  const choose = useMutation({
    mutationFn: (name: string) => take(api.PATCH("/api/settings", { body: { [setting[kind]]: name } })),
    meta: { stale: ["settings"] },
    onSuccess: () => void toast({ text: say("saved") }),
  });
  const path = { name: model.name };
  const remove = useMutation({
    mutationFn: () => take(api.DELETE("/api/models/{name}", { params: { path } })),
    meta: { stale: ["models", "settings"] },
    onSuccess: () => void toast({ text: say("local.removed", { name: model.name }) }),
  });
  const test = useMutation({
    mutationFn: () =>
      take(api.POST("/api/models/{name}/try", { params: { path }, body: { text: say("local.trial") } })),
  });
  const [isAsking, setAsking] = useState(false);
  const error = choose.error ?? remove.error ?? test.error;
  return (
    <li className={styles.model}>
      <div className={styles.line}>
        <div className={styles.head}>
          <span className={styles.name}>{model.name}</span>
          {isChosen && <span className={styles.chosen}>{say("local.chosen")}</span>}
          <span className={styles.facts}>
            {format.size(model.size)} · {say(`local.fit.${model.fit}`)}
          </span>
        </div>
        <div className={settings.row}>
          {!isChosen && (
            <Button size="small" look="quiet" busy={remove.isPending} onClick={() => setAsking(true)}>
              {say("local.remove")}
            </Button>
          )}
          {kind === "chat" && (
            <Button size="small" busy={test.isPending} onClick={() => test.mutate()}>
              {say("local.try")}
            </Button>
          )}
          <Button
            size="small"
            busy={choose.isPending}
            onClick={() => choose.mutate(isChosen ? "" : model.name)}
          >
            {say(chooseWord[kind][isChosen ? "no" : "yes"])}
          </Button>
        </div>
      </div>
      {test.isPending && <p className={settings.note}>{say("local.trying")}</p>}
      {test.data && (
        <div role="status">
          <p className={styles.said}>{test.data.text}</p>
          <p className={settings.note}>
            {say("local.speed", {
              reads: format.number(Math.round(test.data.reads)),
              writes: format.number(Math.round(test.data.writes * 10) / 10),
            })}
          </p>
        </div>
      )}
      {error && <ErrorNote error={error} />}
      <Dialog
        open={isAsking}
        onClose={() => setAsking(false)}
        title={say("remove.title", { name: model.name })}
        about={say("remove.about", { size: format.size(model.size) })}
        actions={
          <>
            <Button onClick={() => setAsking(false)}>{say("remove.keep")}</Button>
            <Button
              look="danger"
              onClick={() => {
                setAsking(false);
                remove.mutate();
              }}
            >
              {say("local.remove")}
            </Button>
          </>
        }
      />
    </li>
  );
}

function Offered({ model }: { model: OfferedModel }) {
  const say = useWords();
  const format = useFormat();
  const start = useMutation({
    mutationFn: () =>
      take(api.POST("/api/models/{name}/download", { params: { path: { name: model.name } } })),
    meta: { stale: ["models"] },
  });
  const { download } = model;
  const progress = {
    there: format.size(download?.there ?? 0),
    all: format.size(download?.expected || model.about),
  };
  return (
    <li className={styles.model}>
      <div className={styles.line}>
        <div className={styles.head}>
          <span className={styles.name}>{model.name}</span>
          <span className={styles.facts}>
            {say("local.offer", {
              publisher: model.publisher,
              licence: model.licence,
              size: format.size(model.about),
            })}
            {" · "}
            {say(`local.fit.${model.fit}`)}
          </span>
        </div>
        <Button
          size="small"
          disabled={model.fit === "too_large"}
          busy={start.isPending || download?.running === true}
          onClick={() => start.mutate()}
        >
          {say(download?.failed ? "local.again" : "local.download")}
        </Button>
      </div>
      {download?.running && (
        <div className={settings.row}>
          <progress
            className={styles.progress}
            aria-label={model.name}
            value={download.there}
            max={download.expected || model.about}
          />
          <span className={settings.note}>{say("local.progress", progress)}</span>
        </div>
      )}
      {download?.failed && (
        <p className={settings.bad} role="alert">
          {say("local.failed")}
        </p>
      )}
      {start.error && <ErrorNote error={start.error} />}
    </li>
  );
}
