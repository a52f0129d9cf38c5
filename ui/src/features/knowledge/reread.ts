import { useMutation } from "@tanstack/react-query";
import { api, take } from "../../api/client";
import { useErrorWords } from "../../design/Parts";
import { toast } from "../../design/Toast";
import { useWords } from "./words";

/** Reads documents again from their originals. */
export function useReread() {
  const say = useWords();
  const words = useErrorWords();
  return useMutation({
    mutationFn: async (ids: readonly string[]) => {
      for (const id of ids) await take(api.POST("/api/documents/{id}/reread", { params: { path: { id } } }));
      return ids.length;
    },
    meta: { stale: ["documents", "status"] },
    onSuccess: (count) => void toast({ text: say("rereading", { count }) }),
    onError: (error) => toast({ text: words(error) }),
  });
}
