/** The conversations of one section, or why there are none. */
import { Inbox } from "lucide-react";
import type { Ref } from "react";
import { useLocation } from "wouter";
import { useMay } from "../../api/may";
import { Button } from "../../design/Button";
import { EmptyState, ErrorNote } from "../../design/Parts";
import type { Filter } from "./api";
import type { RowsHandle } from "./List";
import css from "./list.module.css";
import { useRows } from "./useRows";
import { VirtualRows, Waiting } from "./VirtualRows";
import type { Label, Section } from "./wire";
import { useWords } from "./words";

interface Props {
  ref: Ref<RowsHandle>;
  filter: Filter;
  isFiltered: boolean;
  labels: readonly Label[];
  current: string | undefined;
  me: string | undefined;
  onOpen: (id: string) => void;
  /** Takes the filter away. */
  onAll: () => void;
}

export function SectionList({ ref, filter, isFiltered, labels, current, me, onOpen, onAll }: Props) {
  const say = useWords();
  const { section } = filter;
  const rows = useRows(filter);
  const isEmpty = rows.count === 0 && !rows.isPending && !rows.error;
  return (
    <VirtualRows
      ref={ref}
      // Another list begins at its top.
      key={JSON.stringify(filter)}
      label={say("list.label", { section: say(`section.${section}`) })}
      count={rows.count}
      hasMore={rows.hasMore}
      at={(index) => {
        const row = rows.row(index);
        return row && { row, section };
      }}
      place={rows.indexOf(current)}
      current={current}
      labels={labels}
      me={me}
      onOpen={({ row }) => onOpen(row.id)}
      onLook={rows.look}
    >
      {rows.isPending && <Waiting />}
      {rows.error && (
        <div className={css.pad}>
          <ErrorNote error={rows.error} onRetry={rows.retry} />
        </div>
      )}
      {isEmpty && <Empty section={section} isFiltered={isFiltered} onAll={onAll} />}
    </VirtualRows>
  );
}

function Empty({ section, isFiltered, onAll }: { section: Section; isFiltered: boolean; onAll: () => void }) {
  const say = useWords();
  const may = useMay();
  const [, go] = useLocation();
  const drawing = <Inbox size={40} strokeWidth={1} aria-hidden="true" />;
  if (isFiltered) {
    return (
      <EmptyState
        drawing={drawing}
        title={say("empty.filtered.title")}
        action={<Button onClick={onAll}>{say("empty.filtered.action")}</Button>}
      >
        {say("empty.filtered.about")}
      </EmptyState>
    );
  }
  const next =
    section === "needs"
      ? { label: say("empty.needs.action"), href: "/inbox/ai" }
      : section === "ai" && may.change
        ? { label: say("empty.ai.action"), href: "/channels" }
        : undefined;
  return (
    <EmptyState
      drawing={drawing}
      title={say(`empty.${section}.title`)}
      action={next && <Button onClick={() => go(next.href)}>{next.label}</Button>}
    >
      {say(`empty.${section}.about`)}
    </EmptyState>
  );
}
