/** One site or folder: when it was read, what came of it, and what went wrong with what to do about it. */
import { useMutation } from "@tanstack/react-query";
import { Ellipsis, Folder, Globe, Pause, Play, RefreshCw, Trash2 } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";
import { api, take } from "../../api/client";
import type { Followed, Rhythm, Vanished } from "../../api/types";
import { Button, IconButton } from "../../design/Button";
import { Menu } from "../../design/Menu";
import { Badge, ProgressLine, useErrorWords } from "../../design/Parts";
import { toast } from "../../design/Toast";
import { useFormat } from "../../i18n/format";
import { FollowedItems } from "./FollowedItems";
import { followedName, nextLook, rhythms, shareDone } from "./followed";
import { remove } from "./removals";
import styles from "./Sources.module.css";
import { useWords } from "./words";

interface Change {
  is_paused?: boolean;
  is_private?: boolean;
  rhythm?: Rhythm;
  vanished?: Vanished;
}

export function FollowedCard({ followed, isOpen }: { followed: Followed; isOpen: boolean }) {
  const say = useWords();
  const format = useFormat();
  const words = useErrorWords();
  const [shows, setShows] = useState(isOpen);
  const { source_id: id, place, counts, trouble } = followed;
  const isSite = place.address !== null;
  const path = { params: { path: { id } } };
  const options = {
    meta: { stale: ["followed", "sources"] },
    onError: (error: unknown) => toast({ text: words(error) }),
  };
  const change = useMutation({
    mutationFn: (body: Change) => take(api.PATCH("/api/followed/{id}", { ...path, body })),
    ...options,
  });
  const look = useMutation({
    mutationFn: () => take(api.POST("/api/followed/{id}/look", path)),
    ...options,
  });
  const name = followedName(followed);
  const isLooking = followed.is_open && !followed.is_paused;
  const kinds = [
    say(isSite ? "followed.read" : "followed.readFiles", { count: counts.read }),
    counts.failed > 0 && say("followed.failed", { count: counts.failed }),
    counts.gone > 0 && say("followed.gone", { count: counts.gone }),
    counts.left_out > 0 && say("followed.leftOut", { count: counts.left_out }),
  ];
  const when = [
    followed.finished_at && say("followed.last", { when: format.ago(followed.finished_at) }),
    nextLook(followed, say, format),
  ];
  return (
    <li className={styles.card} aria-label={name}>
      <div className={styles.head}>
        <span className={styles.icon}>
          {isSite ? <Globe size={20} strokeWidth={1.5} /> : <Folder size={20} strokeWidth={1.5} />}
        </span>
        <div className={styles.main}>
          <h2 className={styles.name}>
            {place.address ? (
              <a href={place.address} target="_blank" rel="noreferrer">
                {name}
              </a>
            ) : (
              name
            )}
            {followed.is_paused && <Badge>{say("followed.paused")}</Badge>}
            {isLooking && <Badge tone="accent">{say("followed.looking")}</Badge>}
          </h2>
          <p className={`${styles.line} numbers`}>{kinds.filter(Boolean).join(" · ")}</p>
          <p className={`${styles.line} numbers`}>{when.filter(Boolean).join(" · ")}</p>
        </div>
        <div className={styles.actions}>
          <Button
            size="small"
            icon={<RefreshCw size={14} strokeWidth={1.75} />}
            busy={look.isPending}
            disabled={isLooking || followed.is_paused}
            onClick={() => look.mutate()}
          >
            {say("followed.lookNow")}
          </Button>
          <Menu
            trigger={
              <IconButton
                size="small"
                label={say("row.more", { name })}
                icon={<Ellipsis size={16} strokeWidth={1.5} />}
              />
            }
            entries={[
              {
                label: say(followed.is_paused ? "followed.resume" : "followed.pause"),
                icon: followed.is_paused ? (
                  <Play size={16} strokeWidth={1.5} />
                ) : (
                  <Pause size={16} strokeWidth={1.5} />
                ),
                onPick: () => change.mutate({ is_paused: !followed.is_paused }),
              },
              ...(isSite
                ? rhythms
                    .filter((rhythm) => rhythm !== followed.rhythm)
                    .map((rhythm) => ({
                      label: say(`followed.rhythm.${rhythm}`),
                      onPick: () => change.mutate({ rhythm }),
                    }))
                : []),
              {
                label: say(followed.vanished === "keep" ? "followed.removeGone" : "followed.keepGone"),
                onPick: () => change.mutate({ vanished: followed.vanished === "keep" ? "remove" : "keep" }),
              },
              {
                label: say("followed.remove"),
                icon: <Trash2 size={16} strokeWidth={1.5} />,
                danger: true,
                onPick: () => remove("sources", [id], say("followed.removed", { name })),
              },
            ]}
          />
        </div>
      </div>
      {isLooking && (
        <ProgressLine value={shareDone(counts)} label={say("followed.progress", { count: counts.waiting })} />
      )}
      {trouble && !isLooking && (
        <div className={styles.trouble} role="note">
          <p>
            <strong>{say(`trouble.${trouble}.what`)}</strong> {say(`trouble.${trouble}.do`)}
          </p>
          {trouble === "private_address" && (
            <Button
              size="small"
              busy={change.isPending}
              onClick={async () => {
                await change.mutateAsync({ is_private: true });
                look.mutate();
              }}
            >
              {say("site.allow")}
            </Button>
          )}
        </div>
      )}
      {followed.is_cut && <p className={styles.cut}>{say("followed.cut", { count: place.most })}</p>}
      <div className={styles.foot}>
        <Button size="small" look="quiet" aria-expanded={shows} onClick={() => setShows(!shows)}>
          {say(isSite ? "followed.pages" : "followed.files")}
        </Button>
        {counts.read > 0 && (
          <Link href={`/knowledge?source=${id}`} className={styles.link}>
            {say("followed.documents")}
          </Link>
        )}
      </div>
      {shows && <FollowedItems id={id} isSite={isSite} />}
    </li>
  );
}
