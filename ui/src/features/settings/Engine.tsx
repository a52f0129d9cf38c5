/** A remote engine: address, model, key (never shown again), and a test. */
import { useMutation } from "@tanstack/react-query";
import { CircleAlert, CircleCheck } from "lucide-react";
import { type FormEvent, useState } from "react";
import { api, take } from "../../api/client";
import { ApiProblem } from "../../api/problem";
import type { Settings } from "../../api/types";
import { Button } from "../../design/Button";
import { Field } from "../../design/Field";
import { ErrorNote } from "../../design/Parts";
import { toast } from "../../design/Toast";
import { useFormat } from "../../i18n/format";
import { dropEngineDraft, type EngineDraft, engineDraft, keepEngineDraft } from "./engineDraft";
import styles from "./Settings.module.css";
import { useWords } from "./words";

/** Why a test fails: the API's words for it. */
const reasons = [
  "key_refused",
  "no_such_model",
  "wrong_address",
  "unreachable",
  "timed_out",
  "limited",
  "cut_off",
  "bad_reply",
  "server_broken",
  "refused",
  "bad_settings",
  "local_only",
] as const;

interface Props {
  remote: Settings["remote"];
  /** The second one, which is asked when the first fails or is silent. */
  isSpare?: boolean;
  /** The assistant writes with it. */
  isUsed: boolean;
}

export function Engine({ remote, isSpare = false, isUsed }: Props) {
  const say = useWords();
  const format = useFormat();
  const place = isSpare ? "spare" : "remote";
  const kept = keptOf(remote);
  const [draft, setDraft] = useState(engineDraft(place) ?? kept);
  const { address, model, key, answers, tokens } = draft;
  const [isTried, setTried] = useState(false);
  const save = useMutation({
    mutationFn: () =>
      take(
        api.PATCH("/api/settings", {
          body: {
            [place]: {
              base_url: address.trim(),
              model: model.trim(),
              key: key || undefined,
              daily_answers: limit(answers),
              daily_tokens: limit(tokens),
            },
          },
        }),
      ),
    meta: { stale: ["settings", "status"] },
    onSuccess: () => {
      // A key that is kept is not shown again, and what is kept can be tested.
      dropEngineDraft(place);
      setDraft({ ...draft, key: "" });
      toast({ text: say("saved") });
    },
  });
  const remove = useMutation({
    mutationFn: () => take(api.PATCH("/api/settings", { body: { [place]: null } })),
    meta: { stale: ["settings", "status"] },
    onSuccess: () => {
      dropEngineDraft(place);
      toast({ text: say(isSpare ? "spare.removed" : "engine.removed") });
    },
  });
  const test = useMutation({
    mutationFn: () => take(api.POST("/api/settings/remote/test", { params: { query: { spare: isSpare } } })),
  });
  const areLimits = isLimit(answers) && isLimit(tokens);
  const isWhole = address.trim() !== "" && model.trim() !== "" && areLimits;
  const isNew = isDifferent(draft, kept);
  const isAddress = /^https?:\/\/./.test(address.trim());
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (isWhole && isAddress) save.mutate();
  };
  const refused = save.error instanceof ApiProblem ? save.error.field : undefined;
  const isInPlace = refused === "base_url" || refused === "key";
  const error = (isInPlace ? null : save.error) ?? remove.error ?? test.error;
  const isAddressWrong = refused === "base_url" || (isTried && !isAddress);
  const change = (name: keyof EngineDraft, value: string) => {
    const next = { ...draft, [name]: value };
    setDraft(next);
    if (isDifferent(next, kept)) keepEngineDraft(place, next);
    else dropEngineDraft(place);
    setTried(false);
    save.reset();
    test.reset();
  };
  const reason = reasons.find((one) => one === test.data?.code);
  return (
    <form className={styles.form} onSubmit={submit} autoComplete="off" noValidate>
      <Field
        label={say("engine.address")}
        help={say("engine.addressHelp")}
        type="url"
        inputMode="url"
        placeholder="http://127.0.0.1:11434/v1"
        maxLength={500}
        value={address}
        error={isAddressWrong ? say("engine.addressWrong") : undefined}
        onChange={(event) => change("address", event.target.value)}
      />
      <div className={styles.two}>
        <Field
          label={say("engine.model")}
          maxLength={200}
          value={model}
          onChange={(event) => change("model", event.target.value)}
        />
        <Field
          label={say("engine.key")}
          type="password"
          autoComplete="new-password"
          maxLength={1000}
          value={key}
          error={refused === "key" ? say("engine.keyAgain") : undefined}
          onChange={(event) => change("key", event.target.value)}
        />
      </div>
      <p className={styles.note}>
        {remote?.key_hint ? say("engine.keyKept", { hint: remote.key_hint }) : say("engine.keyNone")}
      </p>
      <div className={styles.two}>
        <Field
          label={say("engine.dailyAnswers")}
          inputMode="numeric"
          maxLength={12}
          value={answers}
          error={isLimit(answers) ? undefined : say("engine.dailyWrong")}
          onChange={(event) => change("answers", event.target.value)}
        />
        <Field
          label={say("engine.dailyTokens")}
          inputMode="numeric"
          maxLength={12}
          value={tokens}
          error={isLimit(tokens) ? undefined : say("engine.dailyWrong")}
          onChange={(event) => change("tokens", event.target.value)}
        />
      </div>
      <p className={styles.note}>{say("engine.dailyHelp")}</p>
      {remote && !isUsed && <p className={styles.note}>{say("engine.unused")}</p>}
      {error && <ErrorNote error={error} />}
      <div className={styles.row}>
        <Button type="submit" disabled={!isWhole || !isNew} busy={save.isPending}>
          {say("save")}
        </Button>
        {remote && (
          <Button disabled={isNew} busy={test.isPending} onClick={() => test.mutate()}>
            {say("engine.test")}
          </Button>
        )}
        {remote && (
          <Button look="quiet" busy={remove.isPending} onClick={() => remove.mutate()}>
            {say("engine.remove")}
          </Button>
        )}
        <span role="status">
          {test.data?.ok && (
            <span className={styles.good}>
              <CircleCheck size={16} strokeWidth={1.5} aria-hidden="true" />
              {say("engine.works", {
                engine: test.data.engine ?? model,
                took: format.duration(test.data.took_ms ?? 0),
              })}
            </span>
          )}
          {test.data && !test.data.ok && (
            <span className={styles.bad}>
              <CircleAlert size={16} strokeWidth={1.5} aria-hidden="true" />
              {reason ? say(`engine.${reason}`) : say("engine.fails")}
            </span>
          )}
        </span>
      </div>
    </form>
  );
}

/** The fields as they say what is saved; a key is never shown again. */
function keptOf(remote: Settings["remote"]): EngineDraft {
  return {
    address: remote?.base_url ?? "",
    model: remote?.model ?? "",
    key: "",
    answers: written(remote?.daily_answers),
    tokens: written(remote?.daily_tokens),
  };
}

function isDifferent(draft: EngineDraft, kept: EngineDraft): boolean {
  return (
    draft.key !== "" ||
    draft.address.trim() !== kept.address ||
    draft.model.trim() !== kept.model ||
    draft.answers.trim() !== kept.answers ||
    draft.tokens.trim() !== kept.tokens
  );
}

/** A limit as it stands in its field. */
function written(limit: number | null | undefined): string {
  return limit == null ? "" : String(limit);
}

/** A field's limit; null for none. */
function limit(text: string): number | null {
  return text.trim() === "" ? null : Number(text);
}

function isLimit(text: string): boolean {
  return /^([1-9][0-9]*)?$/.test(text.trim());
}
