/** One thing that needs somebody, with the one thing to do about it. */
import {
  Archive,
  FileWarning,
  type LucideIcon,
  MessageCircleQuestion,
  RefreshCw,
  Send,
  ThumbsDown,
  UserRound,
} from "lucide-react";
import { useLocation } from "wouter";
import type { May } from "../../api/may";
import { Button } from "../../design/Button";
import { useFormat } from "../../i18n/format";
import css from "./home.module.css";
import type { Need } from "./needs";
import { useWords } from "./words";

const icons: Record<Need["kind"], LucideIcon> = {
  waiting: UserRound,
  bot: Send,
  failed: FileWarning,
  unanswered: MessageCircleQuestion,
  rated: ThumbsDown,
  backup: Archive,
  update: RefreshCw,
};

export function NeedRow({ need, may }: { need: Need; may: May }) {
  const say = useWords();
  const format = useFormat();
  const [, go] = useLocation();
  const Icon = icons[need.kind];
  const words = () => {
    switch (need.kind) {
      case "bot":
        return say("need.bot", { name: need.name });
      case "update":
        return say("need.update", { version: need.version });
      case "backup":
        return need.at === null ? say("need.backup_never") : say("need.backup", { ago: format.ago(need.at) });
      case "waiting":
      case "failed":
      case "unanswered":
      case "rated":
        return say(`need.${need.kind}`, { count: need.count });
    }
  };
  return (
    <li className={css.row} data-kind={need.kind}>
      <Icon size={20} strokeWidth={1.5} aria-hidden="true" />
      <p className={css.words}>
        {words()}
        {need.kind === "waiting" && need.since !== null && (
          <span>{say("need.waiting_since", { ago: format.ago(need.since) })}</span>
        )}
      </p>
      <Button size="small" onClick={() => go(need.href)}>
        {need.kind === "unanswered" && !may.change ? say("need.look") : say(`need.${need.kind}_do`)}
      </Button>
    </li>
  );
}
