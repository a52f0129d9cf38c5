/** What changed in a version, as a shop owner reads it: rows with the old and the new price side by side, lines with the words that went and came. */
import { useQuery } from "@tanstack/react-query";
import { Minus, PenLine, Plus } from "lucide-react";
import { changesQuery } from "../../api/queries";
import type { CellChange, Difference, TextChange } from "../../api/types";
import { ErrorNote, Skeleton } from "../../design/Parts";
import { useFormat } from "../../i18n/format";
import styles from "./Changes.module.css";
import { type Group, grouped } from "./changeGroups";
import { useWords } from "./words";

/** Characters of a cell that stay on one line. */
const SHORT = 14;

export function Changes({ id }: { id: string }) {
  const query = useQuery(changesQuery(id));
  if (query.isError && !query.data)
    return <ErrorNote error={query.error} onRetry={() => void query.refetch()} />;
  if (!query.data) return <Skeleton lines={3} height={32} />;
  return <Told difference={query.data} />;
}

function Told({ difference }: { difference: Difference }) {
  const say = useWords();
  const format = useFormat();
  const { changes, added, removed, changed, before } = difference;
  const amounts = [
    changed > 0 && say("changes.changed", { count: changed }),
    added > 0 && say("changes.added", { count: added }),
    removed > 0 && say("changes.removed", { count: removed }),
  ].filter((part) => part !== false);
  const left = added + removed + changed - changes.length;
  const since = format.moment(before.created_at);
  return (
    <section className={styles.changes} aria-label={say("versions.changes")}>
      <p className={`${styles.sum} numbers`}>
        {amounts.length === 0
          ? say("changes.none", { since })
          : say("changes.sum", { since, amounts: format.list(amounts) })}
      </p>
      {grouped(changes).map((group, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: groups of one answer never move
        <GroupView key={index} group={group} />
      ))}
      {left > 0 && <p className={styles.sum}>{say("changes.more", { count: left })}</p>}
      {difference.is_cut && <p className={styles.sum}>{say("changes.cut")}</p>}
    </section>
  );
}

function GroupView({ group }: { group: Group }) {
  const say = useWords();
  const { place, page, columns, changes } = group;
  const where = [page !== null && say("document.page", { page }), place].filter(Boolean).join(" › ");
  return (
    <div className={styles.group}>
      {where && <h3>{where}</h3>}
      {columns ? (
        <div className={styles.scroll}>
          <table>
            <thead>
              <tr>
                <th scope="col">
                  <span className="unseen">{say("changes.what")}</span>
                </th>
                {columns.map((column, at) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: columns of one table never move
                  <th key={at} scope="col">
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {changes.map((change, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: rows of one answer never move
                <Row key={at} change={change} columns={columns} />
              ))}
            </tbody>
          </table>
        </div>
      ) : (
        <ul>
          {changes.map((change, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines of one answer never move
            <li key={at} className={styles.line}>
              <Sign kind={change.kind} />
              <p dir="auto">
                {change.parts.map((part, at) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: words of one line never move
                  <Words key={at} kind={part.kind} text={part.text} />
                ))}
              </p>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Row({ change, columns }: { change: TextChange; columns: readonly string[] }) {
  return (
    <tr>
      <td>
        <Sign kind={change.kind} />
      </td>
      {columns.map((column, at) => {
        const cell = change.cells.find((cell) => cell.column === column) ?? change.cells[at];
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: cells of one row never move
          <td key={at} dir="auto">
            {cell && <CellView cell={cell} />}
          </td>
        );
      })}
    </tr>
  );
}

/** The old and the new text side by side; one where they are the same. */
function CellView({ cell: { before, after } }: { cell: CellChange }) {
  if (before === after) return after;
  // A price is never broken over two lines.
  const isShort = Math.max(before?.length ?? 0, after?.length ?? 0) <= SHORT;
  return (
    <span className={isShort ? `${styles.cell} ${styles.short}` : styles.cell}>
      {before && <del>{before}</del>}
      {before && after && <span aria-hidden="true">→</span>}
      {after && <ins>{after}</ins>}
    </span>
  );
}

function Words({ kind, text }: { kind: "same" | "added" | "removed"; text: string }) {
  if (kind === "added") return <ins>{text}</ins>;
  if (kind === "removed") return <del>{text}</del>;
  return text;
}

const signs = { added: Plus, removed: Minus, changed: PenLine };

function Sign({ kind }: { kind: TextChange["kind"] }) {
  const say = useWords();
  const Icon = signs[kind];
  return (
    <span className={`${styles.sign} ${styles[kind]}`}>
      <Icon size={14} strokeWidth={1.75} aria-hidden="true" />
      <span className="unseen">{say(`changes.kind.${kind}`)}</span>
    </span>
  );
}
