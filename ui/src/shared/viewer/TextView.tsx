// A document as the program read it: its blocks, with the quote marked. Long texts are shown from around
// the quote and grow on both ends as they are scrolled.

import { Fragment, type ReactNode, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import type { Block } from "../../api/types";
import { cellMarks, type Group, grouped, quoteMarks, stretches } from "./blocks";
import type { Place } from "./place";
import type { Mark } from "./quote";
import css from "./text.module.css";
import { useWords } from "./words";

/** Groups shown at first on each side of the place, and added at an end that comes into view. */
const SOME = 150;

type Props = { blocks: readonly Block[]; place: Place };

export function TextView({ blocks, place }: Props) {
  const t = useWords();
  const groups = useMemo(() => grouped(blocks), [blocks]);
  const marks = useMemo(
    () => quoteMarks(blocks, place.quote, place.start),
    [blocks, place.quote, place.start],
  );
  const target = useMemo(() => targetGroup(groups, marks, place.page), [groups, marks, place.page]);
  const [shown, setShown] = useState({ from: 0, to: 0 });
  const scroller = useRef<HTMLDivElement>(null);
  const keepFromBottom = useRef<number>(undefined);

  useLayoutEffect(() => {
    setShown({ from: Math.max(0, target - SOME), to: Math.min(groups.length, target + SOME) });
  }, [groups, target]);

  const isShown = shown.to > 0;
  useEffect(() => {
    const element = scroller.current;
    if (!element || !isShown || (target === 0 && marks.size === 0)) return;
    const wanted = element.querySelector("mark") ?? element.querySelector(`[data-group="${target}"]`);
    if (!wanted) return;
    const top = wanted.getBoundingClientRect().top - element.getBoundingClientRect().top;
    element.scrollTop += top - element.clientHeight * 0.3;
  }, [target, marks, isShown]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: text that was added above must not move what is read.
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element || keepFromBottom.current === undefined) return;
    element.scrollTop = element.scrollHeight - keepFromBottom.current;
    keepFromBottom.current = undefined;
  }, [shown]);

  const onScroll = () => {
    const element = scroller.current;
    if (!element) return;
    const below = element.scrollHeight - element.scrollTop - element.clientHeight;
    if (below < 800 && shown.to < groups.length) {
      setShown((old) => ({ ...old, to: Math.min(groups.length, old.to + SOME) }));
    }
    if (element.scrollTop < 400 && shown.from > 0) {
      keepFromBottom.current = element.scrollHeight - element.scrollTop;
      setShown((old) => ({ ...old, from: Math.max(0, old.from - SOME) }));
    }
  };

  return (
    <section
      ref={scroller}
      className={css.scroller}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard.
      tabIndex={0}
      aria-label={t("viewer.text")}
      onScroll={onScroll}
    >
      <article className={css.text}>
        {groups.slice(shown.from, shown.to).map((group, index) => {
          const number = shown.from + index;
          const isNewPage = group.page !== null && group.page !== groups[number - 1]?.page;
          return (
            <Fragment key={group.first}>
              {isNewPage && <div className={css.page}>{t("viewer.page", { page: String(group.page) })}</div>}
              <div data-group={number}>
                <GroupView group={group} marks={marks} />
              </div>
            </Fragment>
          );
        })}
      </article>
    </section>
  );
}

type Marks = ReadonlyMap<number, Mark[]>;

function GroupView({ group, marks }: { group: Group; marks: Marks }) {
  const [block] = group.blocks;
  if (!block) return null;
  const text = marked(block.text, marks.get(group.first));
  switch (group.kind) {
    case "heading":
      return <Heading level={block.level ?? 2}>{text}</Heading>;
    case "paragraph":
      return <p>{text}</p>;
    case "code":
      return <pre>{text}</pre>;
    case "list_item":
      return (
        <ul>
          {group.blocks.map((item, index) => (
            <li key={item.start}>{marked(item.text, marks.get(group.first + index))}</li>
          ))}
        </ul>
      );
    case "table_row":
      return <Table group={group} marks={marks} />;
  }
}

function Heading({ level, children }: { level: number; children: ReactNode }) {
  // The page around has the first level; six is the last one there is.
  const Tag = `h${Math.min(level + 1, 6)}` as "h2";
  return <Tag>{children}</Tag>;
}

function Table({ group, marks }: { group: Group; marks: Marks }) {
  const header = group.blocks[0]?.header ?? [];
  const caption = group.blocks[0]?.table;
  return (
    <div className={css.wide}>
      <table>
        {caption && <caption>{caption}</caption>}
        {header.length > 0 && (
          <thead>
            <tr>
              {header.map((name, column) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: columns have no other name; they never move.
                <th key={column} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
        )}
        <tbody>
          {group.blocks.map((row, index) => {
            const cells = row.cells ?? [row.text];
            const own = cellMarks(cells, marks.get(group.first + index) ?? []);
            return (
              <tr key={row.start} data-marked={own.some((list) => list.length > 0) || undefined}>
                {cells.map((cell, column) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: cells have no other name; they never move.
                  <td key={column}>{marked(cell, own[column])}</td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function marked(text: string, marks: readonly Mark[] | undefined): ReactNode {
  if (!marks || marks.length === 0) return text;
  return stretches(text, marks).map((one) =>
    one.isMarked ? (
      <mark key={one.from} data-testid="quote-mark">
        {one.text}
      </mark>
    ) : (
      <Fragment key={one.from}>{one.text}</Fragment>
    ),
  );
}

function targetGroup(groups: readonly Group[], marks: Marks, page: number | null | undefined): number {
  const first = marks.size > 0 ? Math.min(...marks.keys()) : undefined;
  const wanted =
    first === undefined
      ? groups.findIndex((group) => page != null && group.page === page)
      : groups.findLastIndex((group) => group.first <= first);
  return Math.max(0, wanted);
}
