/** Signing in with e-mail and password, and with a code where the account asks for one. */
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, take } from "../../api/client";
import { ApiProblem } from "../../api/problem";
import { Button } from "../../design/Button";
import { Field } from "../../design/Field";
import { ErrorNote } from "../../design/Parts";
import styles from "./Door.module.css";
import { PasswordField } from "./PasswordField";
import { useWords } from "./words";

interface Props {
  /** Who is expected; anybody may sign in all the same. */
  expected?: string;
  onIn: () => Promise<void>;
}

export function SignInForm({ expected = "", onIn }: Props) {
  const say = useWords();
  const [email, setEmail] = useState(expected);
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const [wantsCode, wantCode] = useState(false);
  const signIn = useMutation({
    mutationFn: () =>
      take(api.POST("/api/session", { body: { email, password, code: wantsCode ? code : null } })),
    onSuccess: onIn,
    onError: (error) => {
      if (error instanceof ApiProblem && error.code === "second_step_needed") wantCode(true);
    },
  });
  const refused = signIn.error instanceof ApiProblem ? signIn.error.code : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (email && password && (!wantsCode || code.trim())) signIn.mutate();
  };

  if (wantsCode) {
    return (
      <form className={styles.form} onSubmit={submit}>
        <Field
          label={say("signIn.step")}
          help={say("signIn.stepHelp")}
          autoComplete="one-time-code"
          autoCapitalize="characters"
          spellCheck={false}
          maxLength={40}
          value={code}
          error={refused === "second_step_wrong" ? say("signIn.stepWrong") : undefined}
          onChange={(event) => {
            setCode(event.target.value);
            signIn.reset();
          }}
          autoFocus
          required
        />
        {signIn.isError && refused !== "second_step_needed" && refused !== "second_step_wrong" && (
          <ErrorNote error={signIn.error} />
        )}
        <Button type="submit" look="primary" busy={signIn.isPending}>
          {say("signIn.button")}
        </Button>
        <Button
          look="quiet"
          onClick={() => {
            wantCode(false);
            setPassword("");
            setCode("");
            signIn.reset();
          }}
        >
          {say("signIn.other")}
        </Button>
      </form>
    );
  }
  return (
    <form className={styles.form} onSubmit={submit}>
      <Field
        label={say("signIn.email")}
        type="email"
        autoComplete="username"
        value={email}
        onChange={(event) => setEmail(event.target.value)}
        autoFocus={expected === ""}
        required
      />
      <PasswordField
        label={say("signIn.password")}
        value={password}
        onChange={setPassword}
        autoFocus={expected !== ""}
      />
      {signIn.isError && <ErrorNote error={signIn.error} />}
      <Button type="submit" look="primary" busy={signIn.isPending}>
        {say("signIn.button")}
      </Button>
      <div className={styles.small}>
        {say("signIn.forgotten")}
        <code className={styles.command}>chatai admin reset-password</code>
      </div>
    </form>
  );
}
