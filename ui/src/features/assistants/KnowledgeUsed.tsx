/** Knowledge used: all documents, or those of some sources and labels only. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { kindsQuery, sourcesQuery } from "../../api/queries";
import type { AssistantSettings, Source } from "../../api/types";
import { Chip } from "../../design/Parts";
import css from "./assistants.module.css";
import { useWords } from "./words";

type Knowledge = AssistantSettings["knowledge"];

export function KnowledgeUsed({
  knowledge,
  onChange,
}: {
  knowledge: Knowledge;
  onChange: (knowledge: Knowledge) => void;
}) {
  const say = useWords();
  const sources = useQuery(sourcesQuery).data ?? [];
  const kinds = useQuery(kindsQuery).data;
  const isLimited = knowledge.sources.length > 0 || knowledge.labels.length > 0;
  const [choosing, setChoosing] = useState(isLimited);
  // What is chosen stays to be seen, also when no document has it any more.
  const gone = knowledge.sources.filter((id) => !sources.some((source) => source.id === id));
  const labels = [...(kinds?.labels.map(({ name }) => name) ?? [])];
  for (const label of knowledge.labels) if (!labels.some((one) => same(one, label))) labels.push(label);
  const toggled = (list: readonly string[], one: string) =>
    list.some((other) => same(other, one)) ? list.filter((other) => !same(other, one)) : [...list, one];
  return (
    <fieldset className={css.choices}>
      <legend className="unseen">{say("used.title")}</legend>
      <label className={css.choice}>
        <input
          type="radio"
          name="knowledge"
          checked={!choosing}
          onChange={() => {
            setChoosing(false);
            onChange({ sources: [], labels: [] });
          }}
        />
        {say("used.all")}
      </label>
      <label className={css.choice}>
        <input type="radio" name="knowledge" checked={choosing} onChange={() => setChoosing(true)} />
        {say("used.these")}
      </label>
      {choosing && (
        <div className={css.used}>
          <fieldset>
            <legend>{say("used.sources")}</legend>
            {sources.map((source) => (
              <Chip
                key={source.id}
                pressed={knowledge.sources.includes(source.id)}
                onClick={() => onChange({ ...knowledge, sources: toggled(knowledge.sources, source.id) })}
              >
                {sourceName(source, say)}
              </Chip>
            ))}
            {gone.map((id) => (
              <Chip
                key={id}
                pressed
                onClick={() => onChange({ ...knowledge, sources: toggled(knowledge.sources, id) })}
              >
                {say("used.gone")}
              </Chip>
            ))}
          </fieldset>
          <fieldset>
            <legend>{say("used.labels")}</legend>
            {labels.map((label) => (
              <Chip
                key={label}
                pressed={knowledge.labels.some((one) => same(one, label))}
                onClick={() => onChange({ ...knowledge, labels: toggled(knowledge.labels, label) })}
              >
                {label}
              </Chip>
            ))}
            {labels.length === 0 && <span className={css.note}>{say("used.noLabels")}</span>}
          </fieldset>
          <p className={css.note}>{isLimited ? say("used.both") : say("used.nothing")}</p>
        </div>
      )}
    </fieldset>
  );
}

function sourceName(source: Source, say: ReturnType<typeof useWords>): string {
  const { kind, name } = source;
  return kind === "site" || kind === "folder" ? name : say(`used.source.${kind}`);
}

/** As the program compares labels; ids are the same only when they are. */
function same(a: string, b: string): boolean {
  return a.toLowerCase().replaceAll("ё", "е") === b.toLowerCase().replaceAll("ё", "е");
}
