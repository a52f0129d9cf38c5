/** Scan, type a code, done: the secret is shown this once. */
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useId, useMemo, useState } from "react";
import { api, take } from "../../../api/client";
import { ApiProblem } from "../../../api/problem";
import { Button } from "../../../design/Button";
import { Dialog } from "../../../design/Dialog";
import { Field } from "../../../design/Field";
import { ErrorNote } from "../../../design/Parts";
import { qrPath } from "../../../shared/qr/qr";
import { CopyButton } from "./CopyButton";
import css from "./people.module.css";
import { useWords } from "./words";

export interface Offered {
  secret: string;
  uri: string;
}

interface Props {
  offered: Offered;
  stale: readonly string[];
  /** It is on; these are the spare codes. */
  onOn: (codes: readonly string[]) => void;
  onClose: () => void;
}

export function Enrol({ offered, stale, onOn, onClose }: Props) {
  const say = useWords();
  const form = useId();
  const [code, setCode] = useState("");
  const { size, path } = useMemo(() => qrPath(offered.uri), [offered.uri]);
  const confirm = useMutation({
    mutationFn: () => take(api.POST("/api/second-step", { body: { code } })),
    meta: { stale },
    onSuccess: ({ codes }) => onOn(codes),
  });
  const isWrong = confirm.error instanceof ApiProblem && confirm.error.code === "second_step_wrong";
  const isWhole = /^\d{6}$/.test(code.replace(/\s/g, ""));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isWhole) confirm.mutate();
  };
  const groups = offered.secret.match(/.{1,4}/g) ?? [];
  return (
    <Dialog
      open
      onClose={onClose}
      title={say("step.scan")}
      about={say("step.scanAbout")}
      actions={
        <>
          <Button look="quiet" onClick={onClose}>
            {say("cancel")}
          </Button>
          <Button type="submit" form={form} look="primary" disabled={!isWhole} busy={confirm.isPending}>
            {say("step.confirm")}
          </Button>
        </>
      }
    >
      <form id={form} className={css.form} onSubmit={submit}>
        <div className={css.scan}>
          <svg
            className={css.qr}
            viewBox={`0 0 ${size} ${size}`}
            role="img"
            aria-label={say("step.qr")}
            shapeRendering="crispEdges"
          >
            <path d={path} />
          </svg>
          <div className={css.typed}>
            <span className={css.note}>{say("step.secret")}</span>
            <output className={css.secret} aria-label={say("step.secret")}>
              {groups.join(" ")}
            </output>
            <div className={css.actions}>
              <CopyButton text={offered.secret} label={say("step.copy")} done={say("step.copied")} />
            </div>
          </div>
        </div>
        <Field
          label={say("step.code")}
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={10}
          value={code}
          error={isWrong ? say("step.codeWrong") : undefined}
          onChange={(event) => {
            setCode(event.target.value);
            confirm.reset();
          }}
        />
        {confirm.error && !isWrong && <ErrorNote error={confirm.error} />}
      </form>
    </Dialog>
  );
}
