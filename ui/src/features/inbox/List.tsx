/** The lists of the Inbox: sections as tabs, filters, the search; only the rows in sight. */
import { useQuery } from "@tanstack/react-query";
import { Bell, CircleQuestionMark, Search, X } from "lucide-react";
import { type Ref, useDeferredValue, useImperativeHandle, useRef, useState } from "react";
import { inboxCountsQuery } from "../../api/queries";
import { IconButton } from "../../design/Button";
import { PickChip } from "../../design/Menu";
import { Chip } from "../../design/Parts";
import { TabLinks } from "../../design/Tabs";
import { useFormat } from "../../i18n/format";
import { useTyped } from "../../shared/typed/useTyped";
import { labelsQuery } from "./api";
import { Found } from "./Found";
import css from "./list.module.css";
import { SectionList } from "./SectionList";
import { type Channel, type Section, sections } from "./wire";
import { useWords } from "./words";

export interface ListHandle {
  /** Opens the next (1) or the previous (-1) conversation. */
  move: (by: number) => void;
  search: () => void;
}

/** What a list of rows can do. */
export interface RowsHandle {
  move: (by: number) => void;
  /** Goes into the list, to its first row. */
  enter: () => void;
}

interface Props {
  ref: Ref<ListHandle>;
  section: Section;
  current: string | undefined;
  me: string | undefined;
  onOpen: (id: string, section: Section) => void;
  onKeys: () => void;
  onNotices: () => void;
}

/** Where customers write. */
const channels = ["telegram", "api"] as const satisfies readonly Channel[];
/** What the API counts up to. */
const MOST_COUNTED = 1000;
const listed = { needs: "requested", taken: "taken", ai: "ai", closed: "closed" } as const;

export function List({ ref, section, current, me, onOpen, onKeys, onNotices }: Props) {
  const say = useWords();
  const format = useFormat();
  const counts = useQuery(inboxCountsQuery).data;
  const labels = useQuery(labelsQuery).data ?? [];
  const [isOnlyMine, setOnlyMine] = useState(false);
  const [chosen, choose] = useState("");
  const [channel, setChannel] = useState<Channel>();
  const [typed, type] = useTyped();
  // Typing stays smooth: what is found follows.
  const q = useDeferredValue(typed.trim());
  const field = useRef<HTMLInputElement>(null);
  const rows = useRef<RowsHandle>(null);
  const label = labels.find(({ id }) => id === chosen);

  useImperativeHandle(ref, () => ({
    move: (by) => rows.current?.move(by),
    search: () => field.current?.focus(),
  }));

  const count = (number: number | undefined) => {
    if (!number) return undefined;
    return number >= MOST_COUNTED ? `${format.number(MOST_COUNTED - 1)}+` : format.number(number);
  };
  const href = (one: Section) => (one === "needs" ? "/inbox" : `/inbox/${one}`);
  const isFiltered = isOnlyMine || label !== undefined || channel !== undefined;
  return (
    <>
      <header className={css.head}>
        <div className={css.title}>
          <h1>{say("title")}</h1>
          <IconButton
            label={say("notices.open")}
            icon={<Bell size={16} strokeWidth={1.5} />}
            onClick={onNotices}
          />
          <IconButton
            label={say("keys.open")}
            icon={<CircleQuestionMark size={16} strokeWidth={1.5} />}
            onClick={onKeys}
          />
        </div>
        <div className={css.search}>
          <Search size={16} strokeWidth={1.5} aria-hidden="true" />
          <input
            ref={field}
            type="search"
            value={typed}
            aria-label={say("search.label")}
            placeholder={say("search.placeholder")}
            maxLength={200}
            onChange={(event) => type(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === "ArrowDown") {
                event.preventDefault();
                rows.current?.enter();
              }
              if (event.key !== "Escape") return;
              type("");
              field.current?.blur();
            }}
          />
          {typed !== "" && (
            <IconButton
              size="small"
              label={say("search.clear")}
              icon={<X size={14} strokeWidth={1.5} />}
              onClick={() => {
                type("");
                field.current?.focus();
              }}
            />
          )}
        </div>
        {q === "" && (
          <>
            <TabLinks
              label={say("section.label")}
              current={href(section)}
              tabs={sections.map((one) => ({
                href: href(one),
                label: say(`section.${one}`),
                count: one === "needs" ? count(counts?.all.requested) : undefined,
              }))}
            />
            <div className={css.filter}>
              <Chip
                pressed={isOnlyMine}
                count={count(counts?.mine[listed[section]])}
                onClick={() => setOnlyMine(!isOnlyMine)}
              >
                {say("list.mine")}
              </Chip>
              <PickChip
                label={channel ? say(`channel.${channel}`) : say("list.any_channel")}
                value={channel ?? ""}
                options={[
                  { value: "", label: say("list.any_channel") },
                  ...channels.map((one) => ({ value: one, label: say(`channel.${one}`) })),
                ]}
                onPick={(picked) => setChannel(channels.find((one) => one === picked))}
              />
              {labels.length > 0 && (
                <PickChip
                  label={label ? say("list.label_is", { name: label.name }) : say("list.any_label")}
                  value={label?.id ?? ""}
                  options={[
                    { value: "", label: say("list.any_label") },
                    ...labels.map(({ id, name }) => ({ value: id, label: name })),
                  ]}
                  onPick={choose}
                />
              )}
            </div>
          </>
        )}
      </header>
      {q === "" ? (
        <SectionList
          ref={rows}
          filter={{ section, assignee: isOnlyMine ? me : undefined, label: label?.id, channel }}
          isFiltered={isFiltered}
          labels={labels}
          current={current}
          me={me}
          onOpen={(id) => onOpen(id, section)}
          onAll={() => {
            setOnlyMine(false);
            setChannel(undefined);
            choose("");
          }}
        />
      ) : (
        <Found ref={rows} q={q} labels={labels} current={current} me={me} onOpen={onOpen} />
      )}
    </>
  );
}
