/** The ways to add knowledge: one button, the rarer ways behind another. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { ClipboardPaste, Ellipsis, FilePlus2, FolderSync, Globe, Store } from "lucide-react";
import { api, take } from "../../api/client";
import { statusQuery } from "../../api/queries";
import { Button, IconButton } from "../../design/Button";
import { Menu } from "../../design/Menu";
import { useErrorWords } from "../../design/Parts";
import { toast } from "../../design/Toast";
import { useWords } from "./words";

export function AddActions({
  onFiles,
  onOther,
}: {
  onFiles: () => void;
  onOther: (way: "text" | "site" | "folder") => void;
}) {
  const say = useWords();
  const status = useQuery(statusQuery);
  const load = useLoadDemo();
  // Before the first document the page itself holds the one primary button.
  const isEmpty = status.data?.documents.total === 0;
  const demo = {
    label: say("add.demo"),
    icon: <Store size={16} strokeWidth={1.5} />,
    onPick: () => load.mutate(),
  };
  return (
    <>
      <Menu
        trigger={
          <IconButton
            label={say("add.more")}
            icon={<Ellipsis size={20} strokeWidth={1.5} />}
            disabled={load.isPending}
          />
        }
        entries={[
          {
            label: say("site.add"),
            icon: <Globe size={16} strokeWidth={1.5} />,
            onPick: () => onOther("site"),
          },
          {
            label: say("folder.add"),
            icon: <FolderSync size={16} strokeWidth={1.5} />,
            onPick: () => onOther("folder"),
          },
          {
            label: say("add.text"),
            icon: <ClipboardPaste size={16} strokeWidth={1.5} />,
            onPick: () => onOther("text"),
          },
          ...(status.data && !status.data.demo ? [demo] : []),
        ]}
      />
      <Button
        look={isEmpty ? "plain" : "primary"}
        icon={<FilePlus2 size={16} strokeWidth={1.75} />}
        onClick={onFiles}
      >
        {say("add.files")}
      </Button>
    </>
  );
}

const everything = ["documents", "qa", "status", "assistants", "sources", "settings"];

export function useLoadDemo() {
  const words = useErrorWords();
  return useMutation({
    mutationFn: () => take(api.POST("/api/demo")),
    meta: { stale: everything },
    onError: (error) => toast({ text: words(error) }),
  });
}

export function useRemoveDemo() {
  const say = useWords();
  const words = useErrorWords();
  return useMutation({
    mutationFn: () => take(api.DELETE("/api/demo")),
    meta: { stale: everything },
    onSuccess: () => void toast({ text: say("demo.removed") }),
    onError: (error) => toast({ text: words(error) }),
  });
}
