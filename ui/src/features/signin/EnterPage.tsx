/** `/enter#TOKEN`: the link that the program prints opens the door once; on the first run it leads to the owner's form. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Link, useLocation, useSearch } from "wouter";
import { enter, entryToken } from "../../api/entering";
import { ApiProblem } from "../../api/problem";
import { sessionQuery } from "../../api/queries";
import { Button } from "../../design/Button";
import { CodeCard } from "../../design/CodeCard";
import { ErrorNote, ProgressLine } from "../../design/Parts";
import { Door } from "./Door";
import styles from "./Door.module.css";
import { inside } from "./inside";
import { OwnerForm } from "./OwnerForm";
import { useWords } from "./words";

export default function EnterPage() {
  const say = useWords();
  const cache = useQueryClient();
  const [, go] = useLocation();
  const to = inside(new URLSearchParams(useSearch()).get("to"));
  const [key] = useState(entryToken);
  const [code, setCode] = useState<{ text: string; enter: () => Promise<void> }>();
  const { mutate, data, error, isIdle } = useMutation({
    mutationFn: enter,
    onSuccess: async ({ needs }) => {
      if (needs) return;
      await cache.fetchQuery({ ...sessionQuery, staleTime: 0 });
      go(to, { replace: true });
    },
  });
  useEffect(() => {
    if (key && isIdle) mutate(key);
  }, [key, isIdle, mutate]);

  if (!key) {
    return (
      <Door title={say("enter.missing.title")} about={say("enter.missing.about")}>
        <Link href="/sign-in">{say("enter.spent.signIn")}</Link>
      </Door>
    );
  }
  if (error instanceof ApiProblem && error.code === "token_spent") {
    return (
      <Door title={say("enter.spent.title")} about={say("enter.spent.about")}>
        <Link href="/sign-in">{say("enter.spent.signIn")}</Link>
      </Door>
    );
  }
  if (code) {
    return (
      <Door title={say("code.title")} about={say("code.about")}>
        <div className={styles.form}>
          <CodeCard code={code.text} label={say("code.label")} />
          <Button look="primary" onClick={() => void code.enter()}>
            {say("code.written")}
          </Button>
        </div>
      </Door>
    );
  }
  if (data?.needs === "owner") {
    return (
      <Door title={say("owner.title")} about={say("owner.about")}>
        <OwnerForm token={key} onCode={(text, enter) => setCode({ text, enter })} />
      </Door>
    );
  }
  return (
    <Door title={say("enter.opening")}>
      {error ? (
        <ErrorNote error={error} onRetry={() => mutate(key)} />
      ) : (
        <ProgressLine label={say("enter.opening")} />
      )}
    </Door>
  );
}
