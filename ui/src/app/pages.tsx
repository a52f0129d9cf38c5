/** Every page and its address. Each is loaded when it is first opened. */
import { lazy, Suspense } from "react";
import { Route, Switch, useLocation } from "wouter";
import { Skeleton } from "../design/Parts";
import { Boundary } from "./Boundary";
import { NotFound } from "./NotFound";
import styles from "./pages.module.css";

export const loaders = {
  home: () => import("../features/home/HomePage"),
  inbox: () => import("../features/inbox/InboxPage"),
  knowledge: () => import("../features/knowledge/KnowledgePage"),
  document: () => import("./DocumentRoute"),
  assistants: () => import("../features/assistants/AssistantsPage"),
  playground: () =>
    import("../features/playground/Playground").then(({ Playground }) => ({ default: Playground })),
  channels: () => import("../features/channels/ChannelsPage"),
  improve: () => import("../features/improve/ImprovePage"),
  analytics: () => import("../features/analytics/AnalyticsPage"),
  settings: () => import("../features/settings/SettingsFrame"),
  start: () => import("./start/StartPage"),
};

const Home = lazy(loaders.home);
const Inbox = lazy(loaders.inbox);
const Knowledge = lazy(loaders.knowledge);
const DocumentRoute = lazy(loaders.document);
const Assistants = lazy(loaders.assistants);
const Playground = lazy(loaders.playground);
const Channels = lazy(loaders.channels);
const Improve = lazy(loaders.improve);
const Analytics = lazy(loaders.analytics);
const Settings = lazy(loaders.settings);
const Start = lazy(loaders.start);

export function Pages() {
  const [location] = useLocation();
  return (
    <Suspense fallback={<Waiting />}>
      <Boundary key={location.split("/")[1]}>
        <Switch>
          <Route path="/" component={Home} />
          <Route path="/inbox/:section?/:id?" component={Inbox} />
          <Route path="/knowledge/documents/:id">{({ id }) => <DocumentRoute key={id} id={id} />}</Route>
          <Route path="/knowledge/:tab?" component={Knowledge} />
          <Route path="/assistants/:id?/:part?" component={Assistants} />
          <Route path="/playground/*?" component={Playground} />
          <Route path="/channels/:id?" component={Channels} />
          <Route path="/improve/:tab?" component={Improve} />
          <Route path="/analytics" component={Analytics} />
          <Route path="/settings/:part?" component={Settings} />
          <Route path="/start/:step?" component={Start} />
          <Route component={NotFound} />
        </Switch>
      </Boundary>
    </Suspense>
  );
}

function Waiting() {
  return (
    <div className={styles.waiting}>
      <Skeleton lines={4} height={24} />
    </div>
  );
}
