/** The Inbox: the list, the conversation, and what is known about it. On a phone one after the other. */
import { useQuery } from "@tanstack/react-query";
import { Inbox } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Redirect, useLocation } from "wouter";
import { useMay } from "../../api/may";
import { sessionQuery } from "../../api/queries";
import { useMedia } from "../../design/media";
import { EmptyState } from "../../design/Parts";
import { Conversation, type ConversationHandle } from "./Conversation";
import css from "./inbox.module.css";
import { KeyList, KeysDialog } from "./Keys";
import { List, type ListHandle } from "./List";
import { NoticesDialog } from "./NoticesDialog";
import { type Section, sections } from "./wire";
import { useWords } from "./words";

export default function InboxPage({ params }: { params: { section?: string; id?: string } }) {
  const [, go] = useLocation();
  const me = useQuery(sessionQuery).data?.member?.id;
  const list = useRef<ListHandle>(null);
  const conversation = useRef<ConversationHandle>(null);
  const isRoomy = useMedia("(width >= 1360px)");
  const isNarrow = useMedia("(width < 860px)");
  // Where there is room for three, the details stand there until they are closed.
  const [isDetailed, setDetailed] = useState(isRoomy);
  const section = sections.find((one) => one === (params.section ?? "needs"));
  const { id } = params;
  const [dialog, open] = useState<"keys" | "notices" | null>(null);

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isBusyElsewhere(event))
        return;
      // By what it writes: where the question mark lies differs.
      const act = event.key === "?" ? () => open("keys") : event.shiftKey ? undefined : actions[event.code];
      if (!act) return;
      event.preventDefault();
      act(list.current, conversation.current);
    };
    addEventListener("keydown", onKeyDown);
    return () => removeEventListener("keydown", onKeyDown);
  }, []);

  if (!section) return <Redirect to="/inbox" replace />;
  return (
    <div className={css.page} data-fills="">
      <section className={css.list} hidden={isNarrow && id !== undefined}>
        <List
          ref={list}
          section={section}
          current={id}
          me={me}
          onOpen={(next, its) => go(address(its, next))}
          onKeys={() => open("keys")}
          onNotices={() => open("notices")}
        />
      </section>
      {id === undefined ? (
        !isNarrow && <Nothing />
      ) : (
        <Conversation
          ref={conversation}
          key={id}
          id={id}
          me={me}
          back={address(section)}
          isNarrow={isNarrow}
          isDetailed={isDetailed}
          onDetailed={setDetailed}
        />
      )}
      {dialog === "keys" && <KeysDialog onClose={() => open(null)} />}
      {dialog === "notices" && <NoticesDialog onClose={() => open(null)} />}
    </div>
  );
}

/** The address of a list, or of a conversation in it. */
function address(section: Section, id?: string): string {
  const list = section === "needs" && id === undefined ? "/inbox" : `/inbox/${section}`;
  return id === undefined ? list : `${list}/${id}`;
}

// By the place of the key, so that they work with a Russian keyboard as well.
const actions: Record<string, (list: ListHandle | null, open: ConversationHandle | null) => void> = {
  KeyJ: (list) => list?.move(1),
  KeyK: (list) => list?.move(-1),
  KeyR: (_list, open) => open?.reply(),
  KeyT: (_list, open) => open?.turn(),
  KeyE: (_list, open) => open?.end(),
  KeyL: (_list, open) => open?.label(),
  KeyA: (_list, open) => open?.assign(),
  Slash: (list) => list?.search(),
};

/** Something is being written, or a menu or a dialog has the keys. */
function isBusyElsewhere(event: KeyboardEvent): boolean {
  const { target } = event;
  return (
    target instanceof Element &&
    target.closest("input, textarea, select, [contenteditable], [role=dialog], [role=menu]") !== null
  );
}

function Nothing() {
  const say = useWords();
  const may = useMay();
  return (
    <div className={css.nothing}>
      <EmptyState
        drawing={<Inbox size={48} strokeWidth={1} aria-hidden="true" />}
        title={say("none.title")}
        action={<KeyList isShort mayAnswer={may.answer} />}
      >
        {say("none.about")}
      </EmptyState>
    </div>
  );
}
