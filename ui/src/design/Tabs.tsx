/** Tabs whose state is the page's address, so that each can be linked to and gone back from. */
import { ChevronLeft, ChevronRight } from "lucide-react";
import { type ReactNode, type RefObject, useEffect, useRef, useState } from "react";
import { Link } from "wouter";
import styles from "./Tabs.module.css";

export interface TabLink {
  href: string;
  label: string;
  icon?: ReactNode;
  count?: string;
}

/** Part of the row's width that a press moves it by: what was at its edge stays in sight. */
const STEP = 0.7;

export function TabLinks({
  label,
  tabs,
  current,
}: {
  label: string;
  tabs: readonly TabLink[];
  current: string;
}) {
  const row = useRef<HTMLDivElement>(null);
  const { before, after } = useHidden(row);
  const move = (by: number) => row.current?.scrollBy({ left: by * row.current.clientWidth });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the current tab comes into sight when it changes
  useEffect(() => {
    const tab = row.current?.querySelector<HTMLElement>("[aria-current]");
    if (row.current && tab)
      // In the middle, so that both its neighbours are seen.
      row.current.scrollLeft = tab.offsetLeft + (tab.offsetWidth - row.current.clientWidth) / 2;
  }, [current]);
  return (
    <nav className={styles.frame} aria-label={label}>
      <div
        ref={row}
        className={styles.tabs}
        data-before={before || undefined}
        data-after={after || undefined}
      >
        {tabs.map((tab) => (
          <Link
            key={tab.href}
            href={tab.href}
            className={styles.tab}
            aria-current={tab.href === current ? "page" : undefined}
          >
            {tab.icon}
            {tab.label}
            {tab.count !== undefined && <span className={styles.count}>{tab.count}</span>}
          </Link>
        ))}
      </div>
      {/* For the pointer only: the keyboard goes from tab to tab. */}
      {before && (
        <span className={styles.before} aria-hidden="true" onPointerDown={() => move(-STEP)}>
          <ChevronLeft size={16} strokeWidth={1.75} />
        </span>
      )}
      {after && (
        <span className={styles.after} aria-hidden="true" onPointerDown={() => move(STEP)}>
          <ChevronRight size={16} strokeWidth={1.75} />
        </span>
      )}
    </nav>
  );
}

/** Whether there are tabs out of sight before and after those that are seen. */
function useHidden(row: RefObject<HTMLElement | null>) {
  const [before, setBefore] = useState(false);
  const [after, setAfter] = useState(false);
  useEffect(() => {
    const element = row.current;
    if (!element) return;
    const look = () => {
      const { scrollLeft, scrollWidth, clientWidth } = element;
      setBefore(scrollLeft > 1);
      setAfter(scrollWidth - clientWidth - scrollLeft > 1);
    };
    const watch = new ResizeObserver(look);
    for (const one of [element, ...element.children]) watch.observe(one);
    element.addEventListener("scroll", look, { passive: true });
    return () => {
      watch.disconnect();
      element.removeEventListener("scroll", look);
    };
  }, [row]);
  return { before, after };
}
