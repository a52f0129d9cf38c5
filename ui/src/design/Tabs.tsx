/** Tabs whose state is the page's address, so that each can be linked to and gone back from. */
import { type ReactNode, useEffect, useRef } from "react";
import { Link } from "wouter";
import styles from "./Tabs.module.css";

export interface TabLink {
  href: string;
  label: string;
  icon?: ReactNode;
  count?: string;
}

export function TabLinks({
  label,
  tabs,
  current,
}: {
  label: string;
  tabs: readonly TabLink[];
  current: string;
}) {
  const nav = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the current tab comes into sight when it changes
  useEffect(() => {
    const tab = nav.current?.querySelector<HTMLElement>("[aria-current]");
    if (nav.current && tab)
      // Clear of the side that fades.
      nav.current.scrollLeft = tab.offsetLeft + tab.offsetWidth - nav.current.clientWidth + 36;
  }, [current]);
  return (
    <nav ref={nav} className={styles.tabs} aria-label={label}>
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
    </nav>
  );
}
