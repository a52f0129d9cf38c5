/** One member: name, role, when they were here, whether a second step protects them. */
import { useMutation } from "@tanstack/react-query";
import { Ellipsis, KeyRound, ShieldCheck, ShieldOff, UserMinus } from "lucide-react";
import { useState } from "react";
import { api, take } from "../../../api/client";
import type { Role, TeamMember } from "../../../api/types";
import { IconButton } from "../../../design/Button";
import { Select } from "../../../design/Field";
import { Menu, type MenuEntry } from "../../../design/Menu";
import { Badge, useErrorWords } from "../../../design/Parts";
import { toast } from "../../../design/Toast";
import { useFormat } from "../../../i18n/format";
import { AskPassword } from "./AskPassword";
import { leave } from "./leaving";
import css from "./people.module.css";
import { useWords } from "./words";

export const roles: readonly Role[] = ["owner", "admin", "operator", "viewer"];

interface Props {
  row: TeamMember;
  isMe: boolean;
  /** Whoever looks may change it. */
  isOwner: boolean;
  isLastOwner: boolean;
}

export function MemberRow({ row, isMe, isOwner, isLastOwner }: Props) {
  const say = useWords();
  const format = useFormat();
  const errorWords = useErrorWords();
  const [isGiving, give] = useState(false);
  const { member, last_seen_at, second_step } = row;
  const { id, name } = member;
  const path = { params: { path: { id } } };
  const failed = (error: unknown) => void toast({ text: errorWords(error) });

  const setRole = useMutation({
    mutationFn: (role: Role) => take(api.PATCH("/api/members/{id}", { ...path, body: { role } })),
    meta: { stale: ["team", "session"] },
    onError: failed,
  });
  const resetStep = useMutation({
    mutationFn: () => take(api.DELETE("/api/members/{id}/second-step", path)),
    meta: { stale: ["team"] },
    onSuccess: () => void toast({ text: say("team.stepReset", { name }) }),
    onError: failed,
  });
  const change = (role: Role) => {
    const before = member.role;
    setRole.mutate(role, {
      onSuccess: () =>
        void toast({
          text: say("team.roleNow", { name, role: say(`role.${role}`) }),
          action: { label: say("undo"), run: () => setRole.mutate(before) },
        }),
    });
  };

  const entries: MenuEntry[] = [
    {
      label: say("owner.give"),
      icon: <KeyRound size={16} strokeWidth={1.5} aria-hidden="true" />,
      onPick: () => give(true),
    },
    ...(second_step
      ? [
          {
            label: say("team.resetStep"),
            icon: <ShieldOff size={16} strokeWidth={1.5} aria-hidden="true" />,
            onPick: () => resetStep.mutate(),
          },
        ]
      : []),
    {
      label: say("team.remove"),
      icon: <UserMinus size={16} strokeWidth={1.5} aria-hidden="true" />,
      danger: true,
      onPick: () => leave("members", id, say("team.removed", { name }), failed),
    },
  ];
  const shown = setRole.isPending ? setRole.variables : member.role;
  return (
    <li className={css.row}>
      <div className={css.main}>
        <span className={css.name}>
          {name}
          {isMe && <span className={css.faint}> · {say("team.you")}</span>}
        </span>
        <span className={css.facts}>
          <span className={css.address}>{member.email}</span>
          <span>
            {last_seen_at === null ? say("team.never") : say("team.seen", { when: format.ago(last_seen_at) })}
          </span>
          <Badge
            tone={second_step ? "good" : "plain"}
            icon={second_step ? <ShieldCheck size={12} strokeWidth={2} aria-hidden="true" /> : undefined}
          >
            {say(second_step ? "team.step.on" : "team.step.off")}
          </Badge>
        </span>
      </div>
      {isOwner ? (
        <div className={css.hands}>
          <Select
            label={say("team.roleOf", { name })}
            labelHidden
            className={css.role}
            value={shown}
            disabled={isLastOwner || setRole.isPending}
            title={isLastOwner ? say("team.lastOwner") : undefined}
            options={roles.map((role) => ({ value: role, label: say(`role.${role}`) }))}
            onChange={(event) => {
              const role = roles.find((one) => one === event.target.value);
              if (role) change(role);
            }}
          />
          {isMe ? (
            <span className={css.square} />
          ) : (
            <Menu
              trigger={
                <IconButton
                  label={say("team.more", { name })}
                  icon={<Ellipsis size={16} strokeWidth={1.5} aria-hidden="true" />}
                />
              }
              entries={entries}
            />
          )}
        </div>
      ) : (
        <span className={css.fixed}>{say(`role.${member.role}`)}</span>
      )}
      {isGiving && (
        <AskPassword
          title={say("owner.title", { name })}
          about={say("owner.about")}
          verb={say("owner.do")}
          run={(password) => take(api.POST("/api/members/{id}/owner", { ...path, body: { password } }))}
          stale={["team", "session"]}
          onDone={() => {
            give(false);
            toast({ text: say("owner.given", { name }) });
          }}
          onClose={() => give(false)}
        />
      )}
    </li>
  );
}
