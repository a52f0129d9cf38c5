/** Another token for a bot; the kept one is never shown. */
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { ApiProblem } from "../../api/problem";
import { Button } from "../../design/Button";
import { Field } from "../../design/Field";
import { ErrorNote } from "../../design/Parts";
import { toast } from "../../design/Toast";
import { setToken } from "./api";
import css from "./channels.module.css";
import { tokenIn } from "./state";
import type { Bot } from "./wire";
import { useWords } from "./words";

export function TokenForm({ bot, autoFocus = false }: { bot: Bot; autoFocus?: boolean }) {
  const say = useWords();
  const [pasted, setPasted] = useState("");
  const token = tokenIn(pasted);
  const save = useMutation({
    mutationFn: (token: string) => setToken(bot.id, token),
    meta: { stale: ["bots", "doctor"] },
    onSuccess: () => {
      setPasted("");
      toast({ text: say("token.saved") });
    },
  });
  const isRefused = save.error instanceof ApiProblem && save.error.field === "token";
  const isOther = save.error instanceof ApiProblem && save.error.code === "conflict";
  const wrong = isRefused
    ? say("add.refused")
    : isOther
      ? say("token.other")
      : pasted.trim() !== "" && !token
        ? say("add.shape")
        : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (token) save.mutate(token);
  };
  return (
    <form className={css.form} onSubmit={submit} autoComplete="off">
      <Field
        label={say("token.new")}
        help={bot.token_hint ? say("token.kept", { hint: bot.token_hint }) : undefined}
        error={wrong}
        type="password"
        autoComplete="off"
        spellCheck={false}
        maxLength={4000}
        value={pasted}
        autoFocus={autoFocus}
        onChange={(event) => {
          setPasted(event.target.value);
          save.reset();
        }}
        after={
          <Button type="submit" busy={save.isPending} disabled={!token}>
            {say("save")}
          </Button>
        }
      />
      {save.isError && !wrong && <ErrorNote error={save.error} />}
    </form>
  );
}
