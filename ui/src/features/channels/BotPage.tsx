/** A bot: how it fares, the doctor, the link, what can be changed. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { ArrowLeft, FlaskConical } from "lucide-react";
import { useState } from "react";
import { Link, useLocation, useSearchParams } from "wouter";
import { useMay } from "../../api/may";
import { ApiProblem } from "../../api/problem";
import { assistantsQuery } from "../../api/queries";
import { Button } from "../../design/Button";
import { Dialog } from "../../design/Dialog";
import { Select } from "../../design/Field";
import { Badge, ErrorNote, LookingNote, Section, Skeleton } from "../../design/Parts";
import { toast } from "../../design/Toast";
import { Toggle } from "../../design/Toggle";
import { useFormat } from "../../i18n/format";
import { botQuery, changeBot, removeBot } from "./api";
import { BotFatherList } from "./BotFatherList";
import { BotLink } from "./BotLink";
import { BotRules } from "./BotRules";
import css from "./channels.module.css";
import { Doctor } from "./Doctor";
import { storyOf } from "./state";
import { TokenForm } from "./TokenForm";
import { useSwitch } from "./useSwitch";
import type { Bot } from "./wire";
import { useWords } from "./words";

export default function BotPage({ id, onSimulate }: { id: string; onSimulate: () => void }) {
  const say = useWords();
  const [, go] = useLocation();
  const query = useQuery(botQuery(id));
  const may = useMay();
  if (query.isError && !query.data) {
    const isGone = query.error instanceof ApiProblem && query.error.status === 404;
    return (
      <>
        <Back />
        <ErrorNote
          error={query.error}
          onRetry={() => void query.refetch()}
          action={
            isGone ? (
              <Button size="small" onClick={() => go("/channels")}>
                {say("list.back")}
              </Button>
            ) : undefined
          }
        />
      </>
    );
  }
  if (!query.data) return <Skeleton lines={6} height={28} />;
  const bot = query.data;
  return (
    <>
      <Head bot={bot} onSimulate={may.change ? onSimulate : undefined} />
      {!may.change && <LookingNote />}
      <div>
        <Section title={say("doctor.title")} about={say("doctor.about")}>
          <Doctor id={bot.id} />
        </Section>
        <Section title={say("link.title")} about={say("link.about")}>
          <BotLink bot={bot} />
        </Section>
        <Section title={say("who.title")} about={say("who.about")}>
          <Answering key={bot.assistant_id} bot={bot} mayChange={may.change} />
        </Section>
        <Section title={say("rules.title")} about={say("rules.about")}>
          <BotRules key={bot.version} bot={bot} mayChange={may.change} />
        </Section>
        {may.change && (
          <>
            <Section title={say("father.title")} about={say("father.about")}>
              <BotFatherList account={bot.account} />
            </Section>
            <Section title={say("token.title")} about={say("token.about")}>
              <TokenForm bot={bot} />
            </Section>
            <Section title={say("remove.title")} about={say("remove.about")}>
              <Remove bot={bot} />
            </Section>
          </>
        )}
      </div>
    </>
  );
}

function Back() {
  const say = useWords();
  return (
    <Link href="/channels" className={css.back}>
      <ArrowLeft size={16} strokeWidth={1.5} aria-hidden="true" />
      {say("title")}
    </Link>
  );
}

/** Without `onSimulate` the bot is only looked at. */
function Head({ bot, onSimulate }: { bot: Bot; onSimulate: (() => void) | undefined }) {
  const say = useWords();
  const format = useFormat();
  const turn = useSwitch(bot);
  const [address] = useSearchParams();
  const story = storyOf(bot, say, format);
  return (
    <header className={css.head}>
      <Back />
      <div className={css.headRow}>
        <h1 dir="auto">{bot.account.name}</h1>
        <span className={css.muted}>@{bot.account.username}</span>
        <Badge tone={story.tone}>{story.word}</Badge>
        <span className={css.grow} />
        {onSimulate && (
          <>
            <Button
              size="small"
              icon={<FlaskConical size={16} strokeWidth={1.5} aria-hidden="true" />}
              onClick={onSimulate}
            >
              {say("simulator.try")}
            </Button>
            <Toggle
              label={say("list.switch", { name: bot.account.name })}
              labelHidden
              checked={bot.is_on}
              disabled={turn.isPending}
              onChange={(isOn) => turn.mutate(isOn)}
            />
          </>
        )}
      </div>
      {story.what && (
        <div className={css.trouble} data-tone={story.tone} role="status">
          <p>
            <b>{story.what}</b> {story.remedy}
          </p>
          {story.detail && (
            <p className={css.detail} lang="en" dir="ltr">
              {story.detail}
            </p>
          )}
          {onSimulate && story.fix === "token" && (
            <TokenForm bot={bot} autoFocus={address.get("fix") === "token"} />
          )}
        </div>
      )}
      <p className={css.muted}>
        {bot.last_update_at === null
          ? say("list.never")
          : say("list.last", { ago: format.ago(bot.last_update_at) })}
        {bot.last_heard_at !== null && ` ${say("list.heard", { ago: format.ago(bot.last_heard_at) })}`}
      </p>
    </header>
  );
}

/** Which assistant answers; saved as it is chosen, with a way back. */
function Answering({ bot, mayChange }: { bot: Bot; mayChange: boolean }) {
  const say = useWords();
  const assistants = useQuery(assistantsQuery).data ?? [];
  const change = useMutation({
    mutationFn: (assistant: string) => changeBot(bot, { assistant_id: assistant }),
    meta: { stale: ["bots", "doctor"] },
    onSuccess: () => void toast({ text: say("saved") }),
  });
  return (
    <>
      <Select
        label={say("add.assistant")}
        value={bot.assistant_id}
        disabled={!mayChange || change.isPending}
        options={assistants.map(({ id, name }) => ({ value: id, label: name }))}
        onChange={(event) => change.mutate(event.target.value)}
      />
      {change.isError && <ErrorNote error={change.error} />}
    </>
  );
}

function Remove({ bot }: { bot: Bot }) {
  const say = useWords();
  const [, go] = useLocation();
  const [isAsked, setAsked] = useState(false);
  const remove = useMutation({
    mutationFn: () => removeBot(bot.id),
    meta: { stale: ["bots", "inbox"] },
    onSuccess: () => {
      toast({ text: say("remove.done", { name: bot.account.name }) });
      go("/channels");
    },
  });
  return (
    <div>
      <Button look="danger" onClick={() => setAsked(true)}>
        {say("remove.button")}
      </Button>
      <Dialog
        open={isAsked}
        onClose={() => setAsked(false)}
        title={say("remove.sure", { name: bot.account.name })}
        about={say("remove.what")}
        actions={
          <>
            <Button onClick={() => setAsked(false)}>{say("cancel")}</Button>
            <Button look="danger" busy={remove.isPending} onClick={() => remove.mutate()}>
              {say("remove.button")}
            </Button>
          </>
        }
      >
        {remove.isError && <ErrorNote error={remove.error} />}
      </Dialog>
    </div>
  );
}
