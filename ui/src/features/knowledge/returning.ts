/** Returning to an earlier version, with undo: the present one is an earlier version afterwards. */
import { useMutation } from "@tanstack/react-query";
import { useLocation } from "wouter";
import { cache } from "../../api/cache";
import { api, take } from "../../api/client";
import type { Document } from "../../api/types";
import { useErrorWords } from "../../design/Parts";
import { toast } from "../../design/Toast";
import { formatIn } from "../../i18n/format";
import { language } from "../../i18n/language";
import { sayKnowledge } from "./words";

export function useReturn() {
  const words = useErrorWords();
  const [, go] = useLocation();
  const show = (id: string) => go(`/knowledge/documents/${id}?show=versions`, { replace: true });
  return useMutation({
    mutationFn: ({ to }: { to: Document; from: Document }) => send(to.id),
    meta: { stale: ["documents", "status"] },
    onSuccess: (fresh, { to, from }) => {
      show(fresh.id);
      const when = formatIn(language()).moment(to.created_at);
      toast({
        text: sayKnowledge("versions.returned", { when }),
        stays: 12_000,
        action: {
          label: sayKnowledge("removed.undo"),
          run: () => {
            send(from.id).then(
              (undone) => {
                show(undone.id);
                void cache.invalidateQueries({ queryKey: ["documents"] });
              },
              (error) => toast({ text: words(error) }),
            );
          },
        },
      });
    },
    onError: (error) => toast({ text: words(error) }),
  });
}

function send(id: string): Promise<Document> {
  return take(api.POST("/api/documents/{id}/return", { params: { path: { id } } }));
}
