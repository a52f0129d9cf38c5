/** The workspace's settings: business, engine, search by meaning, backup. For admins and owners. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { assistantsQuery, settingsQuery, statusQuery } from "../../api/queries";
import { Button } from "../../design/Button";
import { ErrorNote, Section, Skeleton } from "../../design/Parts";
import { Backups } from "./Backups";
import { Business } from "./Business";
import { Engine } from "./Engine";
import { engineDraft } from "./engineDraft";
import { LocalModel, OrderModel, SpeechModel } from "./LocalModel";
import { Meaning } from "./Meaning";
import { Recovery } from "./Recovery";
import { useWords } from "./words";

export function SettingsPage({ isOwner }: { isOwner: boolean }) {
  const say = useWords();
  const settings = useQuery(settingsQuery);
  const assistants = useQuery(assistantsQuery).data ?? [];
  const status = useQuery(statusQuery);
  const [isAdding, setAdding] = useState(engineDraft("spare") !== undefined);
  if (settings.isError && !settings.data) {
    return <ErrorNote error={settings.error} onRetry={() => void settings.refetch()} />;
  }
  return (
    <div>
      <Section title={say("business.title")} about={say("business.about")}>
        {settings.data && <Business key={settings.data.business} business={settings.data.business} />}
        {settings.isPending && <Skeleton lines={2} height={48} />}
      </Section>
      <Section title={say("engine.title")} about={say("engine.about")}>
        {settings.data && (
          <Engine
            key={JSON.stringify(settings.data.remote)}
            remote={settings.data.remote}
            isUsed={assistants.some(({ settings }) => settings.engine === "remote")}
          />
        )}
        {settings.isPending && <Skeleton lines={6} height={52} />}
      </Section>
      {settings.data && (settings.data.remote || settings.data.spare) && (
        <Section title={say("spare.title")} about={say("spare.about")}>
          {settings.data.spare || isAdding ? (
            <Engine
              key={JSON.stringify(settings.data.spare)}
              remote={settings.data.spare}
              isSpare
              isUsed={assistants.some(({ settings }) => settings.engine === "remote")}
            />
          ) : (
            <Button onClick={() => setAdding(true)}>{say("spare.add")}</Button>
          )}
        </Section>
      )}
      <Section title={say("local.title")} about={say("local.about")}>
        {settings.data && (
          <LocalModel
            chosen={settings.data.chat_model}
            isUsed={assistants.some(({ settings }) => settings.engine !== "quotes")}
          />
        )}
        {settings.isPending && <Skeleton lines={4} height={62} />}
      </Section>
      <Section title={say("voice.title")} about={say("voice.about")}>
        {settings.data && <SpeechModel chosen={settings.data.speech_model} />}
        {settings.isPending && <Skeleton lines={2} height={62} />}
      </Section>
      <Section title={say("meaning.title")} about={say("meaning.about")}>
        {settings.data && <Meaning embedder={settings.data.embedder} status={status.data} />}
        {settings.isPending && <Skeleton lines={2} height={40} />}
      </Section>
      <Section title={say("order.title")} about={say("order.about")}>
        {settings.data && <OrderModel chosen={settings.data.reranker} />}
        {settings.isPending && <Skeleton height={36} />}
      </Section>
      {isOwner && (
        <>
          <Section title={say("backup.title")} about={say("backup.about")}>
            <Backups />
          </Section>
          <Section title={say("recovery.title")} about={say("recovery.about")}>
            <Recovery />
          </Section>
        </>
      )}
    </div>
  );
}
