/**
 * Tells of what wants this member, wherever in the program they are: somebody asks for a person, or a customer writes
 * in a conversation of theirs. Nothing is asked of the server while both ways of telling are off.
 */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef } from "react";
import { useLocation } from "wouter";
import { sessionQuery } from "../../api/queries";
import { pageQuery } from "./api";
import { chime, notify } from "./chime";
import { whyWords } from "./holding";
import { news } from "./news";
import { useNoticeSettings } from "./noticeSettings";
import { useWords } from "./words";

export function useNotices(): void {
  const say = useWords();
  const [, go] = useLocation();
  const { desktop, sound } = useNoticeSettings();
  const me = useQuery(sessionQuery).data?.member?.id;
  const isOn = (desktop || sound) && me !== undefined;
  const needs = useQuery({ ...pageQuery({ section: "needs" }, null), enabled: isOn });
  const taken = useQuery({ ...pageQuery({ section: "taken", assignee: me }, null), enabled: isOn });
  const known = useRef<ReadonlyMap<string, string> | null>(null);
  const rows = useMemo(
    () => (needs.data && taken.data ? [...needs.data.items, ...taken.data.items] : undefined),
    [needs.data, taken.data],
  );

  useEffect(() => {
    if (!isOn) known.current = null;
    if (!isOn || !rows) return;
    const { fresh, seen } = news(known.current, rows);
    known.current = seen;
    const [first] = fresh;
    if (!first) return;
    const name = first.contact_name || first.contact_username || say("list.nameless");
    if (desktop) {
      notify({
        title: name,
        text:
          (first.handoff.state === "requested" && whyWords(first.handoff, say)) || (first.last?.text ?? ""),
        tag: first.id,
        onClick: () => go(`/inbox/${first.handoff.state === "taken" ? "taken" : "needs"}/${first.id}`),
      });
    }
    if (sound) chime();
  }, [isOn, rows, desktop, sound, say, go]);
}
