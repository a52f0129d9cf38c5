/** Switches a bot on or off; it shows at once. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useErrorWords } from "../../design/Parts";
import { toast } from "../../design/Toast";
import { botQuery, botsQuery, changeBot } from "./api";
import type { Bot } from "./wire";

export function useSwitch(bot: Bot) {
  const cache = useQueryClient();
  const errorWords = useErrorWords();
  const show = (next: Bot) => {
    cache.setQueryData(botsQuery.queryKey, (all: Bot[] | undefined) =>
      all?.map((one) => (one.id === next.id ? next : one)),
    );
    cache.setQueryData(botQuery(next.id).queryKey, (before: Bot | undefined) =>
      before ? { ...next, token_hint: before.token_hint } : undefined,
    );
  };
  return useMutation({
    mutationFn: (isOn: boolean) => changeBot(bot, { is_on: isOn }),
    meta: { stale: ["bots", "doctor"] },
    onMutate: (isOn) => show({ ...bot, is_on: isOn }),
    onSuccess: show,
    onError: (error) => {
      show(bot);
      void cache.invalidateQueries({ queryKey: ["bots"] });
      toast({ text: errorWords(error) });
    },
  });
}
