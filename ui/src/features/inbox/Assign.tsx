/** Who looks after the conversation: me, a colleague, nobody. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { PickChip } from "../../design/Menu";
import { useErrorWords } from "../../design/Parts";
import { toast } from "../../design/Toast";
import { assign, colleaguesQuery, rowQuery } from "./api";
import type { Row } from "./wire";
import { useWords } from "./words";

export function Assign({ row, me }: { row: Row; me: string | undefined }) {
  const say = useWords();
  const errorWords = useErrorWords();
  const cache = useQueryClient();
  const colleagues = useQuery(colleaguesQuery).data ?? [];
  const { queryKey } = rowQuery(row.id);
  const give = useMutation({
    mutationFn: (member: string) => assign(row.id, member || null),
    onMutate: (member) => {
      const name = colleagues.find(({ id }) => id === member)?.name ?? "";
      cache.setQueryData(
        queryKey,
        (before: Row | undefined) =>
          before && { ...before, assignee: member === "" ? null : { id: member, name } },
      );
    },
    onError: (error) => {
      toast({ text: errorWords(error) });
      void cache.invalidateQueries({ queryKey });
    },
    meta: { stale: ["inbox", "conversations"] },
  });
  // One that a person has is somebody's: it can be given to another, but not to nobody.
  const isHeld = row.handoff.state === "taken";
  const able = colleagues.filter(({ may_answer }) => may_answer);
  const label = !row.assignee
    ? say("assign.nobody")
    : row.assignee.id === me
      ? say("assign.me")
      : say("assign.to", { name: row.assignee.name });
  return (
    <PickChip
      label={label}
      value={row.assignee?.id ?? ""}
      options={[
        ...(isHeld && row.assignee ? [] : [{ value: "", label: say("assign.none") }]),
        ...able
          .toSorted((a, b) => Number(b.id === me) - Number(a.id === me))
          .map(({ id, name }) => ({ value: id, label: id === me ? say("assign.self", { name }) : name })),
      ]}
      onPick={(member) => member !== (row.assignee?.id ?? "") && give.mutate(member)}
    />
  );
}
