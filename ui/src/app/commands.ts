/** What the palette offers. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import {
  Archive,
  BookOpen,
  Bot,
  ChartColumn,
  Contrast,
  FileText,
  FolderSync,
  HeartPulse,
  House,
  Inbox,
  Languages,
  ListChecks,
  Lock,
  LogOut,
  type LucideIcon,
  Mail,
  MessageCircleQuestion,
  MessageSquareText,
  MessagesSquare,
  Monitor,
  Moon,
  RefreshCw,
  SearchCheck,
  Send,
  Settings,
  ShieldCheck,
  Sparkles,
  Sun,
  UserRound,
  Users,
} from "lucide-react";
import { useLocation } from "wouter";
import { api, take } from "../api/client";
import { useMay } from "../api/may";
import { assistantsQuery } from "../api/queries";
import type { Document } from "../api/types";
import { useErrorWords } from "../design/Parts";
import { toast } from "../design/Toast";
import { setTheme } from "../design/theme";
import { sectionOf } from "../features/inbox/holding";
import type { Hit } from "../features/inbox/wire";
import { useFormat } from "../i18n/format";
import { setLanguage } from "../i18n/language";
import { useAppWords } from "./words";

export interface Command {
  key: string;
  group: "pages" | "assistants" | "documents" | "conversations" | "actions";
  label: string;
  icon: LucideIcon;
  /** Small words behind the label. */
  note?: string;
  /** Other words it is found by. */
  more?: string;
  run: () => void;
}

interface Commands {
  fixed: Command[];
  document: (document: Document) => Command;
  conversation: (hit: Hit) => Command;
}

export function useCommands(): Commands {
  const say = useAppWords();
  const format = useFormat();
  const [, go] = useLocation();
  const cache = useQueryClient();
  const errorWords = useErrorWords();
  const may = useMay();
  const assistants = useQuery(assistantsQuery).data ?? [];

  const page = (href: string, label: string, icon: LucideIcon, note?: string): Command => ({
    key: href,
    group: "pages",
    label,
    icon,
    note,
    run: () => go(href),
  });
  const action = (key: string, label: string, icon: LucideIcon, run: () => void, more?: string): Command => ({
    key,
    group: "actions",
    label,
    icon,
    more,
    run,
  });
  const knowledge = say("nav.knowledge");

  const backup = action("backup", say("palette.backup"), Archive, () => {
    take(api.POST("/api/backups")).then(
      ({ backup }) => {
        void cache.invalidateQueries({ queryKey: ["backups"] });
        toast({ text: say("backup.done", { name: backup.name, size: format.size(backup.bytes) }) });
      },
      (error: unknown) => toast({ text: errorWords(error) }),
    );
  });

  return {
    fixed: [
      page("/", say("nav.home"), House),
      page("/inbox", say("nav.inbox"), Inbox),
      page("/knowledge", knowledge, BookOpen, say("palette.documentsTab")),
      page("/knowledge/sources", say("palette.sourcesTab"), FolderSync, knowledge),
      page("/knowledge/qa", say("palette.qaTab"), MessageCircleQuestion, knowledge),
      page("/knowledge/search", say("palette.searchTab"), SearchCheck, knowledge),
      page("/assistants", say("nav.assistants"), Bot),
      page("/playground", say("nav.playground"), MessageSquareText),
      page("/channels", say("nav.channels"), Send),
      page("/improve", say("nav.improve"), Sparkles),
      page("/analytics", say("nav.analytics"), ChartColumn),
      page("/settings", say("nav.settings"), Settings),
      ...(may.change
        ? [
            page("/start", say("palette.start"), ListChecks),
            page("/settings/team", say("palette.team"), Users, say("nav.settings")),
            page("/settings/mail", say("palette.mail"), Mail, say("nav.settings")),
            page("/settings/usage", say("palette.usage"), ChartColumn, say("nav.settings")),
            page("/settings/health", say("palette.health"), HeartPulse, say("nav.settings")),
          ]
        : []),
      ...(may.own
        ? [
            page("/settings/privacy", say("palette.privacy"), Lock, say("nav.settings")),
            page("/settings/security", say("palette.security"), ShieldCheck, say("nav.settings")),
            page("/settings/updates", say("palette.updates"), RefreshCw, say("nav.settings")),
          ]
        : []),
      page("/settings/you", say("palette.you"), UserRound, say("nav.settings")),
      ...assistants.map(
        ({ id, name }): Command => ({
          key: id,
          group: "assistants",
          label: name,
          icon: Bot,
          run: () => go(`/assistants/${id}`),
        }),
      ),
      action("light", say("palette.light"), Sun, () => setTheme("light"), "theme тема"),
      action("dark", say("palette.dark"), Moon, () => setTheme("dark"), "theme тема"),
      action("contrast", say("palette.contrast"), Contrast, () => setTheme("contrast"), "theme тема"),
      action("system", say("palette.system"), Monitor, () => setTheme("system"), "theme тема"),
      action("english", say("palette.english"), Languages, () => setLanguage("en"), "language язык"),
      action("russian", say("palette.russian"), Languages, () => setLanguage("ru"), "language russian язык"),
      ...(may.own ? [backup] : []),
      action("sign-out", say("palette.signOut"), LogOut, () => {
        take(api.DELETE("/api/session")).then(
          () => location.assign("/sign-in"),
          (error: unknown) => toast({ text: errorWords(error) }),
        );
      }),
    ],
    document: (document) => ({
      key: document.id,
      group: "documents",
      label: document.title || document.name,
      note: document.title && document.title !== document.name ? document.name : undefined,
      icon: FileText,
      run: () => go(`/knowledge/documents/${document.id}`),
    }),
    conversation: ({ conversation, said }) => ({
      key: conversation.id,
      group: "conversations",
      label: conversation.contact_name || conversation.contact_username || say("palette.nameless"),
      note: said?.text || conversation.last?.text || undefined,
      icon: MessagesSquare,
      run: () => go(`/inbox/${sectionOf(conversation.handoff)}/${conversation.id}`),
    }),
  };
}
