/** Says that this page shows a conversation, and that somebody types in it; gives who else is there. */
import { useEffect, useMemo, useRef } from "react";
import { api } from "../../api/client";
import { type Here, keepPresence, usePresent } from "../../api/presence";

/** How often it is said again that the page is there, in milliseconds: twice before it would be forgotten. */
const AGAIN = 5_000;
/** How often it is said again that somebody types. */
const TYPING_AGAIN = 2_000;

const page = crypto.randomUUID();
type Doing = "looking" | "typing" | "gone";

function tell(id: string, doing: Doing): void {
  const body = { page, doing };
  const call = api.POST("/api/conversations/{id}/presence", {
    params: { path: { id } },
    body,
    // It arrives even when the page is being left.
    keepalive: doing === "gone",
  });
  call.then(
    ({ data }) => data && keepPresence(data),
    // The next word says it again.
    () => undefined,
  );
}

export interface PresenceHere {
  /** Who else is there. */
  others: readonly Here[];
  /** Something was typed, or nothing is left of it. */
  typed: (isEmpty: boolean) => void;
}

export function usePresence(id: string, me: string | undefined): PresenceHere {
  const present = usePresent(id);
  const typedAt = useRef(0);
  useEffect(() => {
    const look = () => {
      if (document.visibilityState === "hidden") return;
      // Whoever typed a moment ago still does.
      if (Date.now() - typedAt.current > AGAIN) tell(id, "looking");
    };
    const turn = () => (document.visibilityState === "hidden" ? tell(id, "gone") : look());
    const leave = () => tell(id, "gone");
    typedAt.current = 0;
    look();
    const timer = setInterval(look, AGAIN);
    document.addEventListener("visibilitychange", turn);
    addEventListener("pagehide", leave);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", turn);
      removeEventListener("pagehide", leave);
      leave();
    };
  }, [id]);
  const others = useMemo(() => present.filter(({ memberId }) => memberId !== me), [present, me]);
  const typed = (isEmpty: boolean) => {
    const now = Date.now();
    if (isEmpty) {
      if (typedAt.current > 0) tell(id, "looking");
      typedAt.current = 0;
      return;
    }
    if (now - typedAt.current < TYPING_AGAIN) return;
    typedAt.current = now;
    tell(id, "typing");
  };
  return { others, typed };
}
