/** What stands where there is nothing yet, and where something went wrong. */
import { Inbox } from "lucide-react";
import { ApiProblem } from "../api/problem";
import { Button } from "../design/Button";
import { EmptyState, ErrorNote, Skeleton } from "../design/Parts";
import { Group, State } from "./Group";
import css from "./gallery.module.css";
import { useWords } from "./words";

export function States() {
  const say = useWords();
  const nothing = () => undefined;
  return (
    <Group id="states" title={say("states")}>
      <State name={say("state.loading")}>
        <div className={css.lines}>
          <Skeleton lines={4} height={20} />
        </div>
      </State>
      <State name={say("state.empty")}>
        <div className={css.lines}>
          <EmptyState
            drawing={<Inbox size={48} strokeWidth={1} aria-hidden="true" />}
            title={say("empty.title")}
            heading="h2"
            action={
              <>
                <Button look="primary">{say("button.primary")}</Button>
                <Button>{say("button.plain")}</Button>
              </>
            }
          >
            {say("sample")}
          </EmptyState>
        </div>
      </State>
      <State name={say("state.error")}>
        <div className={css.lines}>
          <ErrorNote error={new ApiProblem("unreachable", 0)} onRetry={nothing} />
          <ErrorNote error={new ApiProblem("internal", 500, { requestId: "01J9ZK4T" })} onRetry={nothing} />
          <ErrorNote error={new ApiProblem("forbidden", 403)} />
          <ErrorNote
            error={new ApiProblem("conflict", 409)}
            action={<Button size="small">{say("button.plain")}</Button>}
          />
        </div>
      </State>
    </Group>
  );
}
