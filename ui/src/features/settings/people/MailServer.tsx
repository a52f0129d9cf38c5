/** The mail server: where letters go out, its password (never shown again), and a test that says what is wrong. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { CircleAlert, CircleCheck } from "lucide-react";
import { type FormEvent, useState } from "react";
import { api, take } from "../../../api/client";
import { ApiProblem } from "../../../api/problem";
import { mailQuery } from "../../../api/queries";
import type { MailSecurity, MailServer as Server } from "../../../api/types";
import { Button } from "../../../design/Button";
import { Field, Select } from "../../../design/Field";
import { ErrorNote, Section, Skeleton } from "../../../design/Parts";
import { toast } from "../../../design/Toast";
import { useFormat } from "../../../i18n/format";
import { useLanguage } from "../../../i18n/language";
import css from "./people.module.css";
import { reasonOf } from "./reasons";
import { useWords } from "./words";

const securities: readonly MailSecurity[] = ["start_tls", "tls", "open"];
const usual: Record<MailSecurity, string> = { tls: "465", start_tls: "587", open: "25" };

export function MailServer() {
  const say = useWords();
  const mail = useQuery(mailQuery);
  return (
    <div>
      <Section title={say("mail.title")} about={say("mail.about")}>
        {mail.isPending && <Skeleton lines={3} height={36} />}
        {mail.isError && <ErrorNote error={mail.error} onRetry={() => void mail.refetch()} />}
        {mail.isSuccess && <Form key={JSON.stringify(mail.data)} server={mail.data} />}
      </Section>
    </div>
  );
}

function Form({ server }: { server: Server | null }) {
  const say = useWords();
  const format = useFormat();
  const language = useLanguage();
  const [host, setHost] = useState(server?.host ?? "");
  const [security, setSecurity] = useState<MailSecurity>(server?.security ?? "start_tls");
  const [port, setPort] = useState(String(server?.port ?? usual.start_tls));
  const [user, setUser] = useState(server?.user ?? "");
  const [password, setPassword] = useState("");
  const [sender, setSender] = useState(server?.sender ?? "");
  const number = Number(port);
  const isPort = Number.isInteger(number) && number >= 1 && number <= 65535;
  const save = useMutation({
    mutationFn: () =>
      take(
        api.PUT("/api/mail", {
          body: {
            host: host.trim(),
            port: number,
            security,
            user: user.trim(),
            // Nobody signs in: then no password is kept either.
            password: user.trim() === "" ? "" : password || null,
            sender: sender.trim(),
          },
        }),
      ),
    meta: { stale: ["mail"] },
    onSuccess: () => void toast({ text: say("mail.saved") }),
  });
  const remove = useMutation({
    mutationFn: () => take(api.DELETE("/api/mail")),
    meta: { stale: ["mail"] },
    onSuccess: () => void toast({ text: say("mail.removed") }),
  });
  const test = useMutation({ mutationFn: () => take(api.POST("/api/mail/test", { body: { language } })) });
  const isNew =
    host.trim() !== (server?.host ?? "") ||
    number !== server?.port ||
    security !== server.security ||
    user.trim() !== server.user ||
    sender.trim() !== server.sender ||
    password !== "";
  const isWhole = host.trim() !== "" && sender.trim() !== "" && isPort;
  const refused = save.error instanceof ApiProblem ? save.error.field : undefined;
  const isInPlace = ["host", "port", "security", "password", "sender"].includes(refused ?? "");
  const error = (isInPlace ? null : save.error) ?? remove.error ?? test.error;
  const change =
    <Value,>(set: (value: Value) => void) =>
    (value: Value) => {
      set(value);
      save.reset();
      test.reset();
    };
  const protect = (to: MailSecurity) => {
    // The usual port follows, unless another one was typed.
    if (port === usual[security]) setPort(usual[to]);
    change(setSecurity)(to);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isWhole) save.mutate();
  };
  const reason = reasonOf(test.data?.code ?? null);
  return (
    <form className={css.form} onSubmit={submit} autoComplete="off">
      <div className={css.two}>
        <Field
          label={say("mail.host")}
          maxLength={253}
          spellCheck={false}
          value={host}
          error={refused === "host" ? say("mail.hostWrong") : undefined}
          onChange={(event) => change(setHost)(event.target.value)}
        />
        <Field
          label={say("mail.port")}
          inputMode="numeric"
          maxLength={5}
          value={port}
          error={!isPort || refused === "port" ? say("mail.portWrong") : undefined}
          onChange={(event) => change(setPort)(event.target.value.trim())}
        />
      </div>
      <Select
        label={say("mail.security")}
        value={security}
        error={refused === "security" ? say("mail.openWrong") : undefined}
        options={securities.map((one) => ({ value: one, label: say(`mail.${one}`) }))}
        onChange={(event) => {
          const to = securities.find((one) => one === event.target.value);
          if (to) protect(to);
        }}
      />
      <div className={css.two}>
        <Field
          label={say("mail.user")}
          help={say("mail.userHelp")}
          autoComplete="off"
          maxLength={200}
          value={user}
          onChange={(event) => change(setUser)(event.target.value)}
        />
        <Field
          label={say("mail.password")}
          help={say(server?.has_password ? "mail.passwordKept" : "mail.passwordHelp")}
          type="password"
          autoComplete="new-password"
          maxLength={1000}
          value={password}
          error={refused === "password" ? say("mail.passwordAgain") : undefined}
          onChange={(event) => change(setPassword)(event.target.value)}
        />
      </div>
      <Field
        label={say("mail.sender")}
        help={say("mail.senderHelp")}
        type="email"
        autoComplete="off"
        maxLength={254}
        value={sender}
        error={refused === "sender" ? say("mail.senderWrong") : undefined}
        onChange={(event) => change(setSender)(event.target.value)}
      />
      {error && <ErrorNote error={error} />}
      <div className={css.actions}>
        <Button type="submit" disabled={!isWhole || !isNew} busy={save.isPending}>
          {say("mail.save")}
        </Button>
        {server && (
          <Button disabled={isNew} busy={test.isPending} onClick={() => test.mutate()}>
            {say("mail.test")}
          </Button>
        )}
        {server && (
          <Button look="quiet" busy={remove.isPending} onClick={() => remove.mutate()}>
            {say("mail.remove")}
          </Button>
        )}
      </div>
      <div role="status">
        {test.data?.code === null && (
          <span className={css.good}>
            <CircleCheck size={16} strokeWidth={1.5} aria-hidden="true" />
            {say("mail.works", { took: format.duration(test.data.took_ms), to: test.data.to })}
          </span>
        )}
        {test.data && test.data.code !== null && (
          <span className={css.bad}>
            <CircleAlert size={16} strokeWidth={1.5} aria-hidden="true" />
            {reason ? say(`reason.${reason}`) : say("mail.fails")}
          </span>
        )}
      </div>
    </form>
  );
}
