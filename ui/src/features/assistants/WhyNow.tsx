/** What the hours on the page decide at a moment, saved or not, and which rule it is. */
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "../../design/Button";
import { Field } from "../../design/Field";
import { Badge, ErrorNote } from "../../design/Parts";
import { useLanguage } from "../../i18n/language";
import { explainHours } from "./api";
import css from "./assistants.module.css";
import type { Hours } from "./wire";
import { useWords } from "./words";

export function WhyNow({ assistantId, hours }: { assistantId: string; hours: Hours | null }) {
  const say = useWords();
  const language = useLanguage();
  const [at, setAt] = useState("");
  const explain = useMutation({ mutationFn: () => explainHours(assistantId, hours, at, language) });
  const told = explain.data;
  return (
    <>
      <div className={css.template}>
        <Field
          label={say("why.at")}
          help={say("why.atHelp")}
          type="datetime-local"
          value={at}
          onChange={(event) => setAt(event.target.value)}
        />
        <Button busy={explain.isPending} onClick={() => explain.mutate()}>
          {say("why.check")}
        </Button>
      </div>
      {explain.isError && <ErrorNote error={explain.error} />}
      <div role="status">
        {told && (
          <div className={css.told}>
            <Badge tone={told.is_open ? "good" : "warn"}>
              {say(told.is_open ? "why.open" : "why.closed")}
            </Badge>
            {told.sentences.map((sentence) => (
              <p key={sentence}>{sentence}</p>
            ))}
          </div>
        )}
      </div>
    </>
  );
}
