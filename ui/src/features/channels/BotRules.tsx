/** What a bot does in Telegram. Customers see it, so it is saved by hand. */
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { ApiProblem } from "../../api/problem";
import { Button } from "../../design/Button";
import { Field } from "../../design/Field";
import { ErrorNote } from "../../design/Parts";
import { toast } from "../../design/Toast";
import { Toggle } from "../../design/Toggle";
import { useFormat } from "../../i18n/format";
import { changeBot } from "./api";
import css from "./channels.module.css";
import { idsIn } from "./state";
import type { Bot, BotSettings } from "./wire";
import { useWords } from "./words";

const toggles = ["groups", "show_sources", "ask_rating", "stream"] as const;
const secretary = ["off", "draft", "answer"] as const;
/** Operators of one bot. */
const MOST_OPERATORS = 20;

export function BotRules({ bot, mayChange }: { bot: Bot; mayChange: boolean }) {
  const say = useWords();
  const format = useFormat();
  const [settings, setSettings] = useState(bot.settings);
  const [staff, setStaff] = useState(bot.settings.staff_chat === 0 ? "" : String(bot.settings.staff_chat));
  const [operators, setOperators] = useState(bot.settings.operators.join(" "));
  const save = useMutation({
    mutationFn: (next: BotSettings) => changeBot(bot, { settings: next }),
    meta: { stale: ["bots", "doctor"] },
    onSuccess: () => void toast({ text: say("saved") }),
  });
  const set = (change: Partial<BotSettings>) => setSettings((settings) => ({ ...settings, ...change }));
  const staffIds = idsIn(staff);
  const isStaffRight = staffIds !== null && staffIds.length <= 1 && (staffIds[0] ?? -1) < 0;
  const ids = idsIn(operators);
  const areIdsRight = ids?.every((id) => id > 0) && ids.length <= MOST_OPERATORS;
  const next: BotSettings = { ...settings, staff_chat: staffIds?.[0] ?? 0, operators: ids ?? [] };
  const isNew = JSON.stringify(next) !== JSON.stringify(bot.settings);
  const isRight = isStaffRight && areIdsRight;
  const isConflict = save.error instanceof ApiProblem && save.error.code === "conflict";
  const refused = save.error instanceof ApiProblem ? save.error.field : undefined;
  const isInPlace = refused === "proxy" || refused === "api_url" || refused === "webhook";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isRight) save.mutate(next);
  };
  const languages = [...new Set(["en", "ru", ...settings.languages])];
  return (
    <form className={css.form} onSubmit={submit}>
      <fieldset className={css.bare} disabled={!mayChange}>
        {toggles.map((name) => (
          <Toggle
            key={name}
            label={say(`rules.${name}`)}
            help={say(`rules.${name}_help`)}
            checked={settings[name]}
            onChange={(isOn) => set({ [name]: isOn })}
          />
        ))}
        <fieldset className={css.choices}>
          <legend>{say("rules.languages")}</legend>
          {languages.map((language) => (
            <label key={language} className={css.choice}>
              <input
                type="checkbox"
                checked={settings.languages.includes(language)}
                onChange={(event) =>
                  set({
                    languages: event.target.checked
                      ? [...settings.languages, language]
                      : settings.languages.filter((one) => one !== language),
                  })
                }
              />
              {format.language(language) || language}
            </label>
          ))}
        </fieldset>

        <h3 className={css.subtitle}>{say("staff.title")}</h3>
        <Field
          label={say("staff.chat")}
          help={say("staff.chat_help")}
          error={isStaffRight ? undefined : say("staff.chat_wrong")}
          inputMode="numeric"
          placeholder="-1001234567890"
          value={staff}
          onChange={(event) => setStaff(event.target.value)}
        />
        <Field
          label={say("staff.operators")}
          help={say("staff.operators_help")}
          error={areIdsRight ? undefined : say("staff.operators_wrong")}
          value={operators}
          onChange={(event) => setOperators(event.target.value)}
        />
        <Toggle
          label={say("staff.name")}
          help={say("staff.name_help")}
          checked={settings.show_operator}
          onChange={(isOn) => set({ show_operator: isOn })}
        />

        <fieldset className={css.choices}>
          <legend>{say("secretary.title")}</legend>
          {secretary.map((one) => (
            <label key={one} className={css.choice}>
              <input
                type="radio"
                name="secretary"
                checked={settings.business === one}
                onChange={() => set({ business: one })}
              />
              <span>
                {say(`secretary.${one}`)}
                <small>{say(`secretary.${one}_help`)}</small>
              </span>
            </label>
          ))}
        </fieldset>

        <details className={css.more} open={isInPlace || undefined}>
          <summary>{say("network.title")}</summary>
          <div className={css.form}>
            <Field
              label={say("network.proxy")}
              help={say("network.proxy_help")}
              error={refused === "proxy" ? say("network.wrong") : undefined}
              placeholder="socks5h://127.0.0.1:1080"
              spellCheck={false}
              maxLength={200}
              value={settings.proxy}
              onChange={(event) => set({ proxy: event.target.value.trim() })}
            />
            <Field
              label={say("network.api")}
              help={say("network.api_help")}
              error={refused === "api_url" ? say("network.wrong") : undefined}
              type="url"
              placeholder="https://api.telegram.org"
              maxLength={200}
              value={settings.api_url}
              onChange={(event) => set({ api_url: event.target.value.trim() })}
            />
            <Toggle
              label={say("network.webhook")}
              help={refused === "webhook" ? say("network.webhook_wrong") : say("network.webhook_help")}
              checked={settings.webhook}
              onChange={(isOn) => set({ webhook: isOn })}
            />
          </div>
        </details>
      </fieldset>

      {isConflict && (
        <p className={css.bad} role="alert">
          {say("rules.conflict")}
        </p>
      )}
      {save.isError && !isConflict && !isInPlace && <ErrorNote error={save.error} />}
      {mayChange && (
        <div className={css.row}>
          <Button type="submit" look="primary" disabled={!isNew || !isRight} busy={save.isPending}>
            {say("save")}
          </Button>
        </div>
      )}
    </form>
  );
}
