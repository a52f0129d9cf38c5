/** The whole page: who is signed in decides between the way in and the frame. */
import { CSPProvider } from "@base-ui/react/csp-provider";
import { Tooltip } from "@base-ui/react/tooltip";
import { QueryClientProvider, useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useEffect } from "react";
import { Redirect, Route, Switch, useLocation } from "wouter";
import { cache } from "../api/cache";
import { followEvents } from "../api/events";
import { sessionQuery } from "../api/queries";
import { ErrorNote } from "../design/Parts";
import { Toasts } from "../design/Toast";
import styles from "./App.module.css";
import { Boundary } from "./Boundary";
import { Frame } from "./Frame";
import { Pages } from "./pages";

const EnterPage = lazy(() => import("../features/signin/EnterPage"));
const InvitationPage = lazy(() => import("../features/signin/InvitationPage"));
const SignInPage = lazy(() => import("../features/signin/SignInPage"));

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
  const [location] = useLocation();
  const isIn = Boolean(session.data?.member);
  useEffect(() => (isIn ? followEvents(cache) : undefined), [isIn]);

  if (session.isError) {
    return (
      <main className={styles.alone}>
        <ErrorNote error={session.error} onRetry={() => void session.refetch()} />
      </main>
    );
  }
  if (!session.data) return null;
  if (!isIn) {
    const back = location === "/" ? "" : `?to=${encodeURIComponent(location)}`;
    return <Redirect to={`/sign-in${back}`} replace />;
  }
  return (
    <Frame>
      <Pages />
    </Frame>
  );
}
