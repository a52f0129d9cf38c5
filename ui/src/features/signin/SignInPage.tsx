/** Signing in with e-mail and password. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Redirect, useLocation, useSearch } from "wouter";
import { api, take } from "../../api/client";
import { sessionQuery } from "../../api/queries";
import { Button } from "../../design/Button";
import { Field } from "../../design/Field";
import { ErrorNote } from "../../design/Parts";
import { Door } from "./Door";
import styles from "./Door.module.css";
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
  const signIn = useMutation({
    mutationFn: () => take(api.POST("/api/session", { body: { email, password } })),
    onSuccess: async () => {
      await cache.invalidateQueries();
      go(to, { replace: true });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (email && password) signIn.mutate();
  };

  if (session.data?.member) return <Redirect to={to} replace />;
  return (
    <Door
      title={session.data?.business || say("signIn.title")}
      about={session.data?.first_run ? say("signIn.firstRun") : undefined}
    >
      {!session.data?.first_run && (
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

/** Only addresses of ours are gone back to. */
function inside(address: string | null): string {
  return address?.startsWith("/") && !address.startsWith("//") ? address : "/";
}
