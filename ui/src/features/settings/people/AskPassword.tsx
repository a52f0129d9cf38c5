/** A dialog that asks for one's own password before something that somebody at an open browser must not do. */
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { ApiProblem } from "../../../api/problem";
import { Button } from "../../../design/Button";
import { Dialog } from "../../../design/Dialog";
import { Field } from "../../../design/Field";
import { ErrorNote } from "../../../design/Parts";
import css from "./people.module.css";
import { useWords } from "./words";

interface Props<Result> {
  title: string;
  about: string;
  /** What the button says. */
  verb: string;
  run: (password: string) => Promise<Result>;
  stale?: readonly string[];
  onDone: (result: Result) => void;
  onClose: () => void;
}

export function AskPassword<Result>({ title, about, verb, run, stale, onDone, onClose }: Props<Result>) {
  const say = useWords();
  const form = useId();
  const [password, setPassword] = useState("");
  const ask = useMutation({ mutationFn: () => run(password), meta: { stale }, onSuccess: onDone });
  const isWrong = ask.error instanceof ApiProblem && ask.error.code === "wrong_password";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (password !== "") ask.mutate();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      about={about}
      actions={
        <>
          <Button look="quiet" onClick={onClose}>
            {say("cancel")}
          </Button>
          <Button type="submit" form={form} look="primary" disabled={password === ""} busy={ask.isPending}>
            {verb}
          </Button>
        </>
      }
    >
      <form id={form} className={css.form} onSubmit={submit}>
        <Field
          label={say("password")}
          type="password"
          autoComplete="current-password"
          value={password}
          error={isWrong ? say("password.wrong") : undefined}
          onChange={(event) => {
            setPassword(event.target.value);
            ask.reset();
          }}
        />
        {ask.error && !isWrong && <ErrorNote error={ask.error} />}
      </form>
    </Dialog>
  );
}
