/** Inviting somebody: as what, and by which way; then the link, this once. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { api, take } from "../../../api/client";
import { ApiProblem } from "../../../api/problem";
import { mailQuery } from "../../../api/queries";
import type { Invited, Role } from "../../../api/types";
import { Button } from "../../../design/Button";
import { Dialog } from "../../../design/Dialog";
import { Field } from "../../../design/Field";
import { ErrorNote } from "../../../design/Parts";
import { useFormat } from "../../../i18n/format";
import { useLanguage } from "../../../i18n/language";
import { CopyButton } from "./CopyButton";
import { roles } from "./MemberRow";
import css from "./people.module.css";
import { useWords } from "./words";

export function Invite({ onClose }: { onClose: () => void }) {
  const say = useWords();
  const format = useFormat();
  const form = useId();
  const language = useLanguage();
  const mail = useQuery(mailQuery);
  const [role, setRole] = useState<Role>("operator");
  const [isByMail, byMail] = useState(false);
  const [email, setEmail] = useState("");
  const [isTried, tried] = useState(false);
  const invite = useMutation({
    mutationFn: () =>
      take(api.POST("/api/invitations", { body: { role, language, email: isByMail ? email : null } })),
    meta: { stale: ["team"] },
  });
  const isAddress = /^\S+@\S+$/.test(email);
  const refused = invite.error instanceof ApiProblem ? invite.error : undefined;
  const wrong =
    refused?.code === "conflict"
      ? say("invite.isHere")
      : refused?.field === "email" || (isTried && !isAddress)
        ? say("invite.emailWrong")
        : undefined;
  const shown = { open: true, onClose };
  const isInPlace = refused?.code === "conflict" || refused?.field === "email";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    tried(true);
    if (!isByMail || isAddress) invite.mutate();
  };
  // One dialog for both: the link is shown this once, and must not depend on one dialog closing as another opens.
  if (invite.data) return <Dialog {...shown} {...linkDialog(invite.data, { say, format, onClose })} />;
  return (
    <Dialog
      {...shown}
      title={say("invite.open")}
      actions={
        <>
          <Button look="quiet" onClick={onClose}>
            {say("cancel")}
          </Button>
          <Button type="submit" form={form} look="primary" busy={invite.isPending}>
            {say(isByMail ? "invite.send" : "invite.make")}
          </Button>
        </>
      }
    >
      <form id={form} className={css.form} onSubmit={submit} noValidate>
        <fieldset className={css.choices}>
          <legend>{say("invite.role")}</legend>
          {roles.map((one) => (
            <label key={one} className={css.choice}>
              <input type="radio" name="role" checked={role === one} onChange={() => setRole(one)} />
              <span>
                <b>{say(`role.${one}`)}</b>
                <span className={css.faint}>{say(`role.${one}.about`)}</span>
              </span>
            </label>
          ))}
        </fieldset>
        <fieldset className={css.choices}>
          <legend>{say("invite.how")}</legend>
          <label className={css.choice}>
            <input type="radio" name="how" checked={!isByMail} onChange={() => byMail(false)} />
            <span>{say("invite.byLink")}</span>
          </label>
          <label className={css.choice}>
            <input
              type="radio"
              name="how"
              checked={isByMail}
              disabled={!mail.data}
              onChange={() => byMail(true)}
            />
            <span>
              {say("invite.byMail")}
              {mail.data === null && <span className={css.faint}>{say("invite.noMail")}</span>}
            </span>
          </label>
        </fieldset>
        {isByMail && (
          <Field
            label={say("invite.email")}
            type="email"
            autoComplete="off"
            maxLength={254}
            value={email}
            error={wrong}
            onChange={(event) => {
              setEmail(event.target.value);
              invite.reset();
            }}
            autoFocus
          />
        )}
        {invite.error && !isInPlace && <ErrorNote error={invite.error} />}
      </form>
    </Dialog>
  );
}

/** The link, shown this once. */
export function TheLink({ invited, onClose }: { invited: Invited; onClose: () => void }) {
  const say = useWords();
  const format = useFormat();
  return <Dialog open onClose={onClose} {...linkDialog(invited, { say, format, onClose })} />;
}

/** What a dialog says of a link that was just made. */
function linkDialog(
  invited: Invited,
  {
    say,
    format,
    onClose,
  }: { say: ReturnType<typeof useWords>; format: ReturnType<typeof useFormat>; onClose: () => void },
) {
  const { invitation, link, only_here } = invited;
  const when = format.moment(invitation.expires_at);
  return {
    title: say("invite.made"),
    about:
      invitation.email === ""
        ? say("invite.madeAbout", { when })
        : say("invite.sentAbout", { email: invitation.email, when }),
    actions: (
      <Button look="primary" onClick={onClose}>
        {say("done")}
      </Button>
    ),
    children: (
      <div className={css.form}>
        <output className={css.link} aria-label={say("invite.made")}>
          {link}
        </output>
        <div className={css.actions}>
          <CopyButton text={link} label={say("invite.copy")} done={say("invite.copied")} />
        </div>
        {only_here && <p className={css.warn}>{say("invite.onlyHere")}</p>}
      </div>
    ),
  };
}
