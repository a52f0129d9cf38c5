/** The first owner: business, name, e-mail, password. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useLocation } from "wouter";
import { api, take } from "../../api/client";
import { ApiProblem } from "../../api/problem";
import { sessionQuery } from "../../api/queries";
import { Button } from "../../design/Button";
import { Field } from "../../design/Field";
import { ErrorNote } from "../../design/Parts";
import { isGuessed, usePasswordFault } from "../../shared/password/rule";
import styles from "./Door.module.css";
import { PasswordField } from "./PasswordField";
import { useWords } from "./words";

const empty = { business: "", name: "", email: "", password: "" };

interface Props {
  token: string;
  /** The workspace is made; its recovery code is to be shown before going in. */
  onCode: (code: string, enter: () => Promise<void>) => void;
}

export function OwnerForm({ token, onCode }: Props) {
  const say = useWords();
  const passwordFault = usePasswordFault();
  const cache = useQueryClient();
  const [, go] = useLocation();
  const [form, setForm] = useState(empty);
  const [tried, setTried] = useState(false);
  const enter = async () => {
    await cache.fetchQuery({ ...sessionQuery, staleTime: 0 });
    go("/start", { replace: true });
  };
  const create = useMutation({
    mutationFn: () => take(api.POST("/api/first-owner", { body: { token, ...form } })),
    onSuccess: async ({ recovery_code }) => {
      if (recovery_code === null) await enter();
      else onCode(recovery_code, enter);
    },
  });

  const refused = create.error instanceof ApiProblem ? create.error.field : undefined;
  const isInPlace = refused === "email" || isGuessed(create.error);
  const wrong = {
    business: form.business.trim() === "" ? say("required") : undefined,
    name: form.name.trim() === "" ? say("required") : undefined,
    email: !/^\S+@\S+$/.test(form.email) || refused === "email" ? say("email.wrong") : undefined,
    password: passwordFault(form.password, create.error),
  };
  const change = (name: keyof typeof empty) => (value: string) => {
    setForm((form) => ({ ...form, [name]: value }));
    if (create.isError) create.reset();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.values(wrong).every((word) => word === undefined)) create.mutate();
  };

  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      <Field
        label={say("owner.business")}
        help={say("owner.businessHelp")}
        autoComplete="organization"
        maxLength={100}
        value={form.business}
        onChange={(event) => change("business")(event.target.value)}
        error={tried ? wrong.business : undefined}
        autoFocus
        required
      />
      <Field
        label={say("owner.name")}
        autoComplete="name"
        maxLength={100}
        value={form.name}
        onChange={(event) => change("name")(event.target.value)}
        error={tried ? wrong.name : undefined}
        required
      />
      <Field
        label={say("owner.email")}
        help={say("owner.emailHelp")}
        type="email"
        autoComplete="username"
        maxLength={200}
        value={form.email}
        onChange={(event) => change("email")(event.target.value)}
        error={tried ? wrong.email : undefined}
        required
      />
      <PasswordField
        label={say("owner.password")}
        value={form.password}
        onChange={change("password")}
        error={tried ? wrong.password : undefined}
        fresh
      />
      {create.isError && !isInPlace && <ErrorNote error={create.error} />}
      <Button type="submit" look="primary" busy={create.isPending}>
        {say("owner.create")}
      </Button>
    </form>
  );
}
