/** Where a document was found: the page it is, or the path in its folder. */
import { Link } from "wouter";
import styles from "./Row.module.css";
import { useWords } from "./words";

export function Origin({ origin, source }: { origin: string; source: string }) {
  const say = useWords();
  const isPage = /^https?:\/\//.test(origin);
  return (
    <span className={styles.origin}>
      {isPage ? (
        <a href={origin} target="_blank" rel="noreferrer" tabIndex={-1}>
          {origin.replace(/^https?:\/\//, "")}
        </a>
      ) : (
        <Link href={`/knowledge/sources?open=${source}`} tabIndex={-1}>
          {say("origin.folder", { path: origin })}
        </Link>
      )}
    </span>
  );
}
