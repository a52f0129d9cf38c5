/** One bot: who it is, how it fares in plain words, what to do, and the switch. */
import { Send } from "lucide-react";
import { Link, useLocation } from "wouter";
import { useMay } from "../../api/may";
import { Button } from "../../design/Button";
import { Badge } from "../../design/Parts";
import { Toggle } from "../../design/Toggle";
import { useFormat } from "../../i18n/format";
import css from "./channels.module.css";
import { storyOf } from "./state";
import { useSwitch } from "./useSwitch";
import type { Bot } from "./wire";
import { useWords } from "./words";

export function BotRow({ bot }: { bot: Bot }) {
  const say = useWords();
  const format = useFormat();
  const [, go] = useLocation();
  const turn = useSwitch(bot);
  const may = useMay();
  const story = storyOf(bot, say, format);
  const { name, username } = bot.account;
  const href = `/channels/${bot.id}`;
  return (
    <li className={css.bot}>
      <span className={css.face} aria-hidden="true">
        <Send size={20} strokeWidth={1.5} />
      </span>
      <div className={css.botMain}>
        <p className={css.botName}>
          <Link href={href}>{name}</Link>
          <span>@{username}</span>
          <Badge tone={story.tone}>{story.word}</Badge>
        </p>
        {story.what && (
          <p className={css.story}>
            {story.what} {story.remedy}
          </p>
        )}
        {story.detail && (
          <p className={css.detail} lang="en" dir="ltr">
            {story.detail}
          </p>
        )}
        <p className={css.last}>
          {bot.last_update_at === null
            ? say("list.never")
            : say("list.last", { ago: format.ago(bot.last_update_at) })}
        </p>
      </div>
      {may.change && story.fix && (
        <Button size="small" onClick={() => go(`${href}?fix=${story.fix}`)}>
          {say(`fix.${story.fix}`)}
        </Button>
      )}
      {may.change && (
        <Toggle
          label={say("list.switch", { name })}
          labelHidden
          checked={bot.is_on}
          disabled={turn.isPending}
          onChange={(isOn) => turn.mutate(isOn)}
        />
      )}
    </li>
  );
}
