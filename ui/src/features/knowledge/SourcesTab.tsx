/** Web sites and watched folders: how each fares, what became of its pages, and what can be done with it. */
import { useQuery } from "@tanstack/react-query";
import { FolderSync, Globe } from "lucide-react";
import { useSearch } from "wouter";
import { followedQuery } from "../../api/queries";
import { Button } from "../../design/Button";
import { EmptyState, ErrorNote, Skeleton } from "../../design/Parts";
import { FollowedCard } from "./FollowedCard";
import { useRemoved } from "./removals";
import styles from "./Sources.module.css";
import { useWords } from "./words";

export default function SourcesTab({ onSite, onFolder }: { onSite: () => void; onFolder: () => void }) {
  const say = useWords();
  const removed = useRemoved();
  const followed = useQuery(followedQuery);
  const open = new URLSearchParams(useSearch()).get("open");
  if (followed.isError && !followed.data)
    return <ErrorNote error={followed.error} onRetry={() => void followed.refetch()} />;
  if (!followed.data) return <Skeleton lines={4} height={64} />;
  const shown = followed.data.filter(({ source_id }) => !removed.has(source_id));
  if (shown.length === 0)
    return (
      <EmptyState
        drawing={<FolderSync size={40} strokeWidth={1} aria-hidden="true" />}
        title={say("sources.empty.title")}
        action={
          <>
            <Button icon={<Globe size={16} strokeWidth={1.75} />} onClick={onSite}>
              {say("site.add")}
            </Button>
            <Button icon={<FolderSync size={16} strokeWidth={1.75} />} onClick={onFolder}>
              {say("folder.add")}
            </Button>
          </>
        }
      >
        {say("sources.empty.about")}
      </EmptyState>
    );
  return (
    <ul className={styles.list} aria-label={say("tab.sources")}>
      {shown.map((one) => (
        <FollowedCard key={one.source_id} followed={one} isOpen={one.source_id === open} />
      ))}
    </ul>
  );
}
