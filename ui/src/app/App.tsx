/** The whole page: who is signed in decides between the way in and the frame. */
import { CSPProvider } from "@base-ui/react/csp-provider";
import { Tooltip } from "@base-ui/react/tooltip";
import { QueryClientProvider, useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useState } from "react";
import { Route, Switch } from "wouter";
import { cache } from "../api/cache";
import { followEvents } from "../api/events";
import { ApiProblem, isSignedOut } from "../api/problem";
import { sessionQuery } from "../api/queries";
import { ErrorNote } from "../design/Parts";
import { Toasts, toast } from "../design/Toast";
import { hearDrags } from "../host/drags";
import styles from "./App.module.css";
import { Boundary } from "./Boundary";
import { Frame } from "./Frame";
import { loaders, Pages } from "./pages";
import { SignedOut } from "./SignedOut";
import { goSignIn } from "./signIn";
import { sayApp } from "./words";

const enterPage = () => import("../features/signin/EnterPage");
const EnterPage = lazy(enterPage);
const InvitationPage = lazy(() => import("../features/signin/InvitationPage"));
const SignInPage = lazy(() => import("../features/signin/SignInPage"));

/** Begins to load the page of an address, before anything is drawn; behind the door lies Home. */
export function loadAhead(path: string): void {
  const page = path.split("/")[1] ?? "";
  if (page === "enter") void enterPage();
  const load = page === "" || page === "enter" ? loaders.home : isLoader(page) ? loaders[page] : undefined;
  // Whether it could be loaded is told where it is drawn.
  load?.().catch(() => {});
}

function isLoader(page: string): page is keyof typeof loaders {
  return Object.hasOwn(loaders, page);
}

export function App() {
  return (
    <Boundary>
      <CSPProvider disableStyleElements>
        <Tooltip.Provider delay={500}>
          <QueryClientProvider client={cache}>
            <Suspense fallback={null}>
              <Switch>
                <Route path="/enter" component={EnterPage} />
                <Route path="/invitation" component={InvitationPage} />
                <Route path="/sign-in" component={SignInPage} />
                <Route component={Inside} />
              </Switch>
            </Suspense>
            <Toasts />
          </QueryClientProvider>
        </Tooltip.Provider>
      </CSPProvider>
    </Boundary>
  );
}

function Inside() {
  const session = useQuery(sessionQuery);
  // It stays so until somebody is known to be in again, whatever else goes wrong meanwhile.
  const [isOut, setOut] = useState(false);
  const isOutNow = isSignedOut(session.error) || (isOut && session.isError);
  if (isOut !== isOutNow) setOut(isOutNow);
  const member = session.data?.member;
  const isIn = Boolean(member) && !isOut;
  useEffect(() => (isIn ? followEvents(cache) : undefined), [isIn]);
  useEffect(() => (isIn ? hearDrags(tellUnfetched) : undefined), [isIn]);
  // The program's window lets its owner in again from there, without a password.
  const leaves = session.data?.member === null || (isOut && session.data?.window);
  useEffect(() => {
    if (leaves) goSignIn();
  }, [leaves]);

  if (session.isError && !session.data) {
    return (
      <main className={styles.alone}>
        <ErrorNote error={session.error} onRetry={() => void session.refetch()} />
      </main>
    );
  }
  if (!member) return null;
  return (
    <>
      <Frame>
        <Pages />
      </Frame>
      {isOut && <SignedOut member={member} />}
    </>
  );
}

function tellUnfetched(name: string, why: unknown): void {
  const isTooLarge = why instanceof ApiProblem && why.code === "too_large";
  toast({ text: sayApp(isTooLarge ? "drop.too_large" : "drop.failed", { name }) });
}
