/** Signing in with e-mail and password. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Redirect, useLocation, useSearch } from "wouter";
import { api, take } from "../../api/client";
import { ApiProblem } from "../../api/problem";
import { sessionQuery } from "../../api/queries";
import { Button } from "../../design/Button";
import { Field } from "../../design/Field";
import { ErrorNote } from "../../design/Parts";
import { Door } from "./Door";
import styles from "./Door.module.css";
import { inside } from "./inside";
import { PasswordField } from "./PasswordField";
import { useWords } from "./words";

export default function SignInPage() {
  const say = useWords();
  const cache = useQueryClient();
  const [, go] = useLocation();
  const to = inside(new URLSearchParams(useSearch()).get("to"));
  const session = useQuery(sessionQuery);
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const [wantsCode, wantCode] = useState(false);
  const signIn = useMutation({
    mutationFn: () =>
      take(api.POST("/api/session", { body: { email, password, code: wantsCode ? code : null } })),
    onSuccess: async () => {
      await cache.invalidateQueries();
      go(to, { replace: true });
    },
    onError: (error) => {
      if (error instanceof ApiProblem && error.code === "second_step_needed") wantCode(true);
    },
  });
  const refused = signIn.error instanceof ApiProblem ? signIn.error.code : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (email && password && (!wantsCode || code.trim())) signIn.mutate();
  };

  if (session.data?.member) return <Redirect to={to} replace />;
  return (
    <Door
      title={session.data?.business || say("signIn.title")}
      about={session.data?.first_run ? say("signIn.firstRun") : undefined}
    >
      {wantsCode && (
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
      )}
      {!session.data?.first_run && !wantsCode && (
        <form className={styles.form} onSubmit={submit}>
          <Field
            label={say("signIn.email")}
            type="email"
            autoComplete="username"
            value={email}
            onChange={(event) => setEmail(event.target.value)}
            autoFocus
            required
          />
          <PasswordField label={say("signIn.password")} value={password} onChange={setPassword} />
          {signIn.isError && <ErrorNote error={signIn.error} />}
          <Button type="submit" look="primary" busy={signIn.isPending}>
            {say("signIn.button")}
          </Button>
          <div className={styles.small}>
            {say("signIn.forgotten")}
            <code className={styles.command}>chatai admin reset-password</code>
          </div>
        </form>
      )}
    </Door>
  );
}
