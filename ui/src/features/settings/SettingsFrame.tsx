/** Settings: the parts that are for this member's role. Whoever opens another one by hand is told whose it is. */
import { useQuery } from "@tanstack/react-query";
import {
  ChartColumn,
  HeartPulse,
  Lock,
  Mail,
  Monitor,
  RefreshCw,
  ShieldCheck,
  SlidersHorizontal,
  UserRound,
  Users,
} from "lucide-react";
import { Redirect, useLocation } from "wouter";
import { sessionQuery } from "../../api/queries";
import { Button } from "../../design/Button";
import { EmptyState, PageHead } from "../../design/Parts";
import { TabLinks } from "../../design/Tabs";
import { useInWindow } from "../../host/window";
import { Computer } from "./computer/Computer";
import { Health } from "./health/Health";
import { MailServer } from "./people/MailServer";
import { Team } from "./people/Team";
import { Privacy } from "./privacy/Privacy";
import styles from "./Settings.module.css";
import { SettingsPage } from "./SettingsPage";
import { Security } from "./security/Security";
import { Updates } from "./updates/Updates";
import { Usage } from "./usage/Usage";
import { useWords } from "./words";
import { You } from "./You";

const you = { part: "you", href: "/settings/you", icon: UserRound } as const;
const parts = [
  { part: "workspace", href: "/settings", icon: SlidersHorizontal },
  { part: "team", href: "/settings/team", icon: Users },
  { part: "mail", href: "/settings/mail", icon: Mail },
  { part: "usage", href: "/settings/usage", icon: ChartColumn },
  { part: "health", href: "/settings/health", icon: HeartPulse },
  { part: "privacy", href: "/settings/privacy", icon: Lock },
  { part: "security", href: "/settings/security", icon: ShieldCheck },
  { part: "computer", href: "/settings/computer", icon: Monitor },
  { part: "updates", href: "/settings/updates", icon: RefreshCw },
  you,
] as const;
const [workspace] = parts;

/** Parts that only owners see. */
const ofOwners: readonly string[] = ["privacy", "security", "computer", "updates"];

export default function SettingsFrame({ params }: { params: { part?: string } }) {
  const say = useWords();
  const [, go] = useLocation();
  const inWindow = useInWindow();
  const member = useQuery(sessionQuery).data?.member;
  if (!member) return null;
  const isOwner = member.role === "owner";
  const looksAfter = isOwner || member.role === "admin";
  const mine = parts.filter(
    ({ part }) => part === "you" || isOwner || (looksAfter && !ofOwners.includes(part)),
  );
  // In a browser nobody misses what only the window can do; whoever opens it by hand is told.
  const shown = mine.filter(({ part }) => part !== "computer" || inWindow);
  const known = parts.find(({ part }) => part === params.part);
  if (params.part && !known) return <Redirect to="/settings" replace />;
  const asked = known ?? (looksAfter ? workspace : you);
  const isMine = mine.some(({ part }) => part === asked.part);
  return (
    <div className={styles.page}>
      <PageHead title={say("title")} about={say("about")} />
      <TabLinks
        label={say("part.label")}
        current={asked.href}
        tabs={shown.map(({ part, href, icon: Icon }) => ({
          href,
          label: say(`part.${part}`),
          icon: <Icon size={16} strokeWidth={1.5} aria-hidden="true" />,
        }))}
      />
      {!isMine && (
        <EmptyState
          title={say("closed.title")}
          action={<Button onClick={() => go("/settings/you")}>{say("closed.you")}</Button>}
        >
          {say(ofOwners.includes(asked.part) ? "closed.owners" : "closed.admins")}
        </EmptyState>
      )}
      {isMine && asked.part === "workspace" && <SettingsPage isOwner={isOwner} />}
      {isMine && asked.part === "team" && <Team me={member} />}
      {isMine && asked.part === "mail" && <MailServer />}
      {isMine && asked.part === "usage" && <Usage />}
      {isMine && asked.part === "health" && <Health />}
      {isMine && asked.part === "security" && <Security />}
      {isMine && asked.part === "privacy" && <Privacy />}
      {isMine && asked.part === "computer" && <Computer />}
      {isMine && asked.part === "updates" && <Updates />}
      {asked.part === "you" && <You />}
    </div>
  );
}
