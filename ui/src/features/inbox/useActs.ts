/** What a member does with a conversation. It shows at once; the server has the last word. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useErrorWords } from "../../design/Parts";
import { toast } from "../../design/Toast";
import { type Act, act, ban, rowQuery } from "./api";
import { holding } from "./holding";
import type { Row } from "./wire";
import { useWords } from "./words";

export interface Acts {
  take: () => void;
  handBack: () => void;
  /** Takes it, or hands it back. */
  turn: () => void;
  /** Closes it, or opens it again. */
  end: () => void;
  ban: (isBanned: boolean) => void;
  isBusy: boolean;
  error: Error | null;
}

const stale = ["inbox", "conversations"];

export function useActs(id: string, row: Row | undefined, me: string | undefined): Acts {
  const say = useWords();
  const errorWords = useErrorWords();
  const cache = useQueryClient();
  const { queryKey } = rowQuery(id);
  const change = useMutation({
    mutationFn: (kind: Act) => act(id, kind),
    meta: { stale },
    onSuccess: (handoff, kind) => {
      cache.setQueryData(queryKey, (before: Row | undefined) => before && { ...before, handoff });
      if (kind !== "close") return;
      toast({
        text: say("done.closed"),
        action: { label: say("done.undo"), run: () => change.mutate("reopen") },
      });
    },
    // Somebody was faster: what stands now is shown.
    onError: () => void cache.invalidateQueries({ queryKey }),
  });
  const banning = useMutation({
    mutationFn: (isBanned: boolean) => ban(id, isBanned),
    meta: { stale },
    onSuccess: (_data, isBanned) => {
      cache.setQueryData(queryKey, (before: Row | undefined) => before && { ...before, is_banned: isBanned });
      if (!isBanned) return;
      toast({
        text: say("done.banned"),
        action: { label: say("done.undo"), run: () => banning.mutate(false) },
      });
    },
    onError: (error) => void toast({ text: errorWords(error) }),
  });
  const run = (kind: Act) => {
    if (!change.isPending) change.mutate(kind);
  };
  return {
    take: () => run("take"),
    handBack: () => run("hand_back"),
    turn: () => {
      if (!row) return;
      const { isMine, other } = holding(row.handoff, me);
      if (isMine) run("hand_back");
      else if (other === null) run("take");
    },
    end: () => row && run(row.handoff.state === "closed" ? "reopen" : "close"),
    ban: banning.mutate,
    isBusy: change.isPending,
    error: change.error,
  };
}
