/** `/invitation#TOKEN`: who invites, as what; name and password, and one is in. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useEffect, useState } from "react";
import { Link, useLocation } from "wouter";
import { api, take } from "../../api/client";
import { ApiProblem } from "../../api/problem";
import { sessionQuery } from "../../api/queries";
import { Button } from "../../design/Button";
import { Field } from "../../design/Field";
import { ErrorNote, ProgressLine } from "../../design/Parts";
import { usePasswordFault } from "../../shared/password/rule";
import { Door } from "./Door";
import styles from "./Door.module.css";
import { PasswordField } from "./PasswordField";
import { useWords } from "./words";

// Read once: React may make the component twice.
let token = "";

function takeToken(): string {
  const found = location.hash.slice(1);
  if (found !== "") {
    token = found;
    // The token goes from the address bar and the history at once.
    history.replaceState(history.state, "", location.pathname);
  }
  return token;
}

export default function InvitationPage() {
  const say = useWords();
  const [key] = useState(takeToken);
  const { mutate, data, error, isIdle } = useMutation({
    mutationFn: (token: string) => take(api.POST("/api/invitation", { body: { token } })),
  });
  useEffect(() => {
    if (key && isIdle) mutate(key);
  }, [key, isIdle, mutate]);

  if (!key || (error instanceof ApiProblem && error.code === "token_spent")) return <Spent />;
  if (!data) {
    return (
      <Door title={say("enter.opening")}>
        {error ? (
          <ErrorNote error={error} onRetry={() => mutate(key)} />
        ) : (
          <ProgressLine label={say("enter.opening")} />
        )}
      </Door>
    );
  }
  const { business, invited_by, role } = data;
  return (
    <Door
      title={say("invitation.title", { business })}
      about={
        <>
          {say("invitation.about", { name: invited_by })} {say(`invitation.as.${role}`)}
        </>
      }
    >
      <JoinForm token={key} email={data.email} />
    </Door>
  );
}

function Spent() {
  const say = useWords();
  return (
    <Door title={say("invitation.spent.title")} about={say("invitation.spent.about")}>
      <Link href="/sign-in">{say("enter.spent.signIn")}</Link>
    </Door>
  );
}

function JoinForm({ token, email: invited }: { token: string; email: string }) {
  const say = useWords();
  const passwordFault = usePasswordFault();
  const cache = useQueryClient();
  const [, go] = useLocation();
  const [name, setName] = useState("");
  const [email, setEmail] = useState(invited);
  const [password, setPassword] = useState("");
  const [isTried, tried] = useState(false);
  const join = useMutation({
    mutationFn: () => take(api.POST("/api/invitation/accept", { body: { token, name, email, password } })),
    onSuccess: async ({ member }) => {
      // Whoever was signed in here before is not any more.
      cache.clear();
      await cache.fetchQuery({ ...sessionQuery, staleTime: 0 });
      go(member.role === "operator" ? "/inbox" : "/", { replace: true });
    },
  });
  const refused = join.error instanceof ApiProblem ? join.error : undefined;
  const wrong = {
    name: name.trim() === "" ? say("required") : undefined,
    email:
      refused?.code === "conflict"
        ? say("invitation.taken")
        : !/^\S+@\S+$/.test(email) || refused?.field === "email"
          ? say("email.wrong")
          : undefined,
    password: passwordFault(password, join.error),
  };
  const isInPlace = refused?.code === "conflict" || refused?.field !== undefined;
  const change = (set: (value: string) => void) => (value: string) => {
    set(value);
    if (join.isError) join.reset();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    tried(true);
    if (Object.values(wrong).every((word) => word === undefined)) join.mutate();
  };
  if (refused?.code === "token_spent") return <ErrorNote error={refused} />;
  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      <Field
        label={say("owner.name")}
        autoComplete="name"
        maxLength={100}
        value={name}
        onChange={(event) => change(setName)(event.target.value)}
        error={isTried ? wrong.name : undefined}
        autoFocus
        required
      />
      <Field
        label={say("owner.email")}
        help={say(invited === "" ? "invitation.emailHelp" : "invitation.emailFixed")}
        type="email"
        autoComplete="username"
        maxLength={200}
        value={email}
        readOnly={invited !== ""}
        onChange={(event) => change(setEmail)(event.target.value)}
        error={isTried ? wrong.email : undefined}
        required
      />
      <PasswordField
        label={say("owner.password")}
        value={password}
        onChange={change(setPassword)}
        error={isTried ? wrong.password : undefined}
        fresh
      />
      {join.isError && !isInPlace && <ErrorNote error={join.error} />}
      <Button type="submit" look="primary" busy={join.isPending}>
        {say("invitation.join")}
      </Button>
    </form>
  );
}
