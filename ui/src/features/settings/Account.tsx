/** Who is signed in, the password, and the way out. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, take } from "../../api/client";
import { ApiProblem } from "../../api/problem";
import { sessionQuery } from "../../api/queries";
import { Button } from "../../design/Button";
import { Field } from "../../design/Field";
import { Badge, ErrorNote } from "../../design/Parts";
import { toast } from "../../design/Toast";
import { isGuessed, missingIn, usePasswordFault } from "../../shared/password/rule";
import styles from "./Settings.module.css";
import { useWords } from "./words";

export function Account() {
  const say = useWords();
  const passwordFault = usePasswordFault();
  const { data } = useQuery(sessionQuery);
  const [old, setOld] = useState("");
  const [fresh, setFresh] = useState("");
  const change = useMutation({
    mutationFn: () => take(api.POST("/api/password", { body: { old, new: fresh } })),
    // This session stays, all others have ended.
    onSuccess: () => {
      setOld("");
      setFresh("");
      toast({ text: say("account.changed") });
    },
  });
  const signOut = useMutation({
    mutationFn: () => take(api.DELETE("/api/session")),
    onSuccess: () => location.assign("/sign-in"),
  });
  const isWrong = change.error instanceof ApiProblem && change.error.code === "wrong_password";
  const isRefused = isGuessed(change.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate();
  };
  const member = data?.member;
  return (
    <>
      {member && (
        <div className={styles.who}>
          <span>
            {say("account.signedIn", { name: member.name, email: member.email })}{" "}
            <Badge tone="person">{say(`account.role.${member.role}`)}</Badge>
          </span>
          <Button busy={signOut.isPending} onClick={() => signOut.mutate()}>
            {say("account.signOut")}
          </Button>
        </div>
      )}
      <form className={styles.form} onSubmit={submit}>
        <input type="hidden" autoComplete="username" value={member?.email ?? ""} readOnly />
        <div className={styles.two}>
          <Field
            label={say("account.old")}
            type="password"
            autoComplete="current-password"
            value={old}
            error={isWrong ? say("account.wrong") : undefined}
            onChange={(event) => {
              setOld(event.target.value);
              change.reset();
            }}
          />
          <Field
            label={say("account.new")}
            type="password"
            autoComplete="new-password"
            maxLength={200}
            value={fresh}
            error={isRefused ? passwordFault(fresh, change.error) : undefined}
            onChange={(event) => {
              setFresh(event.target.value);
              change.reset();
            }}
          />
        </div>
        <p className={styles.note}>{say("account.newHelp")}</p>
        {change.isError && !isWrong && !isRefused && <ErrorNote error={change.error} />}
        <div className={styles.row}>
          <Button type="submit" disabled={old === "" || missingIn(fresh) > 0} busy={change.isPending}>
            {say("account.change")}
          </Button>
        </div>
      </form>
    </>
  );
}
