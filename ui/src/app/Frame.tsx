/** The frame around every page: rail, content, right panel, palette. */
import { useQuery } from "@tanstack/react-query";
import {
  BookOpen,
  Bot,
  ChartColumn,
  House,
  Inbox,
  type LucideIcon,
  MessageSquareText,
  PanelLeft,
  Search,
  Send,
  Settings,
  Sparkles,
} from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { Link, useLocation } from "wouter";
import { inboxCountsQuery } from "../api/queries";
import { IconButton } from "../design/Button";
import { useKeptFocus } from "../design/keptFocus";
import { PanelPlace } from "../design/Panel";
import { Kbd } from "../design/Parts";
import { Tip } from "../design/Tip";
import { useNotices } from "../features/inbox/notices";
import { commandKey } from "../host/host";
import { useFormat } from "../i18n/format";
import { Away } from "./Away";
import away from "./Away.module.css";
import { DropAnywhere } from "./DropAnywhere";
import styles from "./Frame.module.css";
import { Palette } from "./Palette";
import { loaders } from "./pages";
import { useAppWords } from "./words";

const entries = [
  { href: "/", word: "nav.home", icon: House, load: loaders.home },
  { href: "/inbox", word: "nav.inbox", icon: Inbox, load: loaders.inbox },
  { href: "/knowledge", word: "nav.knowledge", icon: BookOpen, load: loaders.knowledge },
  { href: "/assistants", word: "nav.assistants", icon: Bot, load: loaders.assistants },
  { href: "/playground", word: "nav.playground", icon: MessageSquareText, load: loaders.playground },
  { href: "/channels", word: "nav.channels", icon: Send, load: loaders.channels },
  { href: "/improve", word: "nav.improve", icon: Sparkles, load: loaders.improve },
  { href: "/analytics", word: "nav.analytics", icon: ChartColumn, load: loaders.analytics },
  { href: "/settings", word: "nav.settings", icon: Settings, load: loaders.settings },
] as const satisfies readonly {
  href: string;
  word: string;
  icon: LucideIcon;
  load: () => Promise<unknown>;
}[];

const pinKey = "chatai.rail";

export function Frame({ children }: { children: ReactNode }) {
  const say = useAppWords();
  const [panel, setPanel] = useState<HTMLElement | null>(null);
  const [palette, setPalette] = useState(false);
  const [pinned, setPinned] = useState(() => localStorage.getItem(pinKey) === "pinned");
  const [location] = useLocation();
  const format = useFormat();
  const waiting = useQuery(inboxCountsQuery).data?.all.requested ?? 0;
  useNotices();
  useKeptFocus(thePage);

  useEffect(() => {
    const open = (event: KeyboardEvent) => {
      if (event.code !== "KeyK" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey)
        return;
      event.preventDefault();
      setPalette((was) => !was);
    };
    addEventListener("keydown", open);
    return () => removeEventListener("keydown", open);
  }, []);

  const pin = () => {
    localStorage.setItem(pinKey, pinned ? "narrow" : "pinned");
    setPinned(!pinned);
  };

  return (
    <PanelPlace value={panel}>
      <div className={away.whole}>
        <Away />
        <div className={[styles.frame, pinned && styles.pinned, away.frame].filter(Boolean).join(" ")}>
          <a className={styles.skip} href="#page">
            {say("nav.skip")}
          </a>
          <nav className={styles.rail} aria-label={say("nav.label")}>
            <span className={styles.mark} aria-hidden="true">
              <img src="/icon.svg" alt="" width={28} height={28} />
              <b>ChatAI</b>
            </span>
            {entries.map(({ href, word, icon: Icon, load }) => (
              <RailTip key={href} text={say(word)} shown={!pinned}>
                <Link
                  href={href}
                  className={styles.entry}
                  aria-current={isAt(location, href) ? "page" : undefined}
                  onPointerEnter={() => void load()}
                >
                  <Icon size={20} strokeWidth={1.5} aria-hidden="true" />
                  <span className={styles.entryWords}>{say(word)}</span>
                  {href === "/inbox" && waiting > 0 && (
                    <span className={styles.badge}>
                      <span aria-hidden="true">{waiting > 99 ? "99+" : format.number(waiting)}</span>
                      <span className="unseen">{say("nav.waiting", { count: waiting })}</span>
                    </span>
                  )}
                </Link>
              </RailTip>
            ))}
            <span className={styles.gap} />
            <RailTip text={say("nav.search")} shown={!pinned}>
              <button
                type="button"
                className={`${styles.entry} ${styles.search}`}
                onClick={() => setPalette(true)}
              >
                <Search size={20} strokeWidth={1.5} aria-hidden="true" />
                <span className={styles.entryWords}>{say("nav.find")}</span>
                <span className={styles.keys}>
                  <Kbd>{commandKey ? "⌘K" : "Ctrl K"}</Kbd>
                </span>
              </button>
            </RailTip>
            <span className={styles.pin}>
              <IconButton
                label={pinned ? say("nav.unpin") : say("nav.pin")}
                pressed={pinned}
                icon={<PanelLeft size={20} strokeWidth={1.5} />}
                onClick={pin}
              />
            </span>
          </nav>
          <main id="page" tabIndex={-1} className={styles.content}>
            {children}
          </main>
          <div ref={setPanel} className={`${styles.panel} ${away.panel}`} />
        </div>
      </div>
      <DropAnywhere />
      <Palette open={palette} onClose={() => setPalette(false)} />
    </PanelPlace>
  );
}

function thePage(): HTMLElement | null {
  return document.getElementById("page");
}

/** True when a page or one below it is open; the first page has none below it. */
function isAt(location: string, href: string): boolean {
  return href === "/" ? location === "/" : location.startsWith(href);
}

function RailTip({
  text,
  shown,
  children,
}: {
  text: string;
  shown: boolean;
  children: React.ReactElement<Record<string, unknown>>;
}) {
  if (!shown) return children;
  return (
    <Tip text={text} side="inline-end">
      {children}
    </Tip>
  );
}
