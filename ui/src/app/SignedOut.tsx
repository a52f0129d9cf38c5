/** The session ended while a page was open: one signs in over it, and what was typed there is kept. */
import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useCallback, useEffect } from "react";
import { api, take } from "../api/client";
import type { Session } from "../api/types";
import { Button } from "../design/Button";
import { Dialog } from "../design/Dialog";
import { Skeleton } from "../design/Parts";
import { goSignIn } from "./signIn";
import { useAppWords } from "./words";

const SignInForm = lazy(() =>
  import("../features/signin/SignInForm").then(({ SignInForm }) => ({ default: SignInForm })),
);

/** @param member whose page it is */
export function SignedOut({ member }: { member: NonNullable<Session["member"]> }) {
  const say = useAppWords();
  const cache = useQueryClient();
  const goOn = useCallback(async () => {
    const { member: now } = await take(api.GET("/api/session"));
    if (now?.id === member.id) return cache.invalidateQueries();
    // Somebody else does not go on with what this one had on the screen, whatever they answer about what was typed.
    if (now) window.location.reload();
  }, [cache, member.id]);
  useEffect(() => {
    const look = () => {
      // They may have signed in in another tab. If not, it stays as it is.
      if (document.visibilityState === "visible") goOn().catch(() => {});
    };
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, [goOn]);
  return (
    <Dialog
      open
      covers
      title={say("signedOut.title")}
      about={say("signedOut.about")}
      actions={
        <Button look="quiet" onClick={goSignIn}>
          {say("signedOut.leave")}
        </Button>
      }
    >
      <Suspense fallback={<Skeleton lines={3} height={48} />}>
        <SignInForm expected={member.email} onIn={goOn} />
      </Suspense>
    </Dialog>
  );
}
