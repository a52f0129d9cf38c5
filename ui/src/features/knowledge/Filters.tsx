/** The filter of the list as one sentence: "Show all 12 · from any source · labelled Prices · in Russian". */
import { useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { type DocumentFilter, kindsQuery, sourcesQuery, statusQuery } from "../../api/queries";
import type { DocumentState } from "../../api/types";
import { Button } from "../../design/Button";
import { PickChip, type PickOption } from "../../design/Menu";
import { Chip } from "../../design/Parts";
import { useFormat } from "../../i18n/format";
import styles from "./Knowledge.module.css";
import { formatName, sourceName } from "./story";
import { useWords } from "./words";

const states = ["ready", "reading", "pending", "failed"] as const satisfies readonly DocumentState[];

export type Filter = Omit<DocumentFilter, "q">;

export function Filters({
  filter,
  onChange,
  onClear,
}: {
  filter: Filter;
  onChange: (change: Filter) => void;
  onClear: () => void;
}) {
  const say = useWords();
  const format = useFormat();
  const counts = useQuery(statusQuery).data?.documents;
  const kinds = useQuery(kindsQuery).data;
  const { state } = filter;
  const languages = kinds?.languages.map(({ name, documents }) => ({
    name,
    label: format.language(name),
    documents,
  }));
  const formats = kinds?.formats.map(({ name, documents }) => ({ name, label: formatName(name), documents }));
  const isFiltered = Object.values(filter).some((value) => value !== undefined);
  return (
    <fieldset className={styles.filter} aria-label={say("filter.show")}>
      <span>{say("filter.show")}</span>
      <Chip
        pressed={state === undefined}
        count={counts && format.number(counts.total)}
        onClick={() => onChange({ state: undefined })}
      >
        {say("filter.all")}
      </Chip>
      {states
        .filter((one) => one === state || (counts?.[one] ?? 0) > 0)
        .map((one) => (
          <Chip
            key={one}
            pressed={state === one}
            count={counts && format.number(counts[one])}
            onClick={() => onChange({ state: state === one ? undefined : one })}
          >
            {say(`filter.${one}`)}
          </Chip>
        ))}
      <div>
        <SourceChip value={filter.source} onPick={(source) => onChange({ source })} />
        <LabelChip value={filter.label} onPick={(label) => onChange({ label })} />
        <Pick
          any={say("filter.anyLanguage")}
          chosen={(name) => say("filter.language", { name })}
          options={languages}
          value={filter.language}
          onPick={(language) => onChange({ language })}
        />
        <Pick
          any={say("filter.anyKind")}
          chosen={(name) => say("filter.kind", { name })}
          options={formats}
          value={filter.format}
          onPick={(format) => onChange({ format })}
        />
        {isFiltered && (
          <Button
            look="quiet"
            size="small"
            icon={<X size={14} strokeWidth={1.75} aria-hidden="true" />}
            onClick={onClear}
          >
            {say("filter.clear")}
          </Button>
        )}
      </div>
    </fieldset>
  );
}

interface PickerProps {
  value: string | undefined;
  onPick: (value: string | undefined) => void;
}

/** "from any source"; nothing to choose where there is one source only. */
export function SourceChip({ value, onPick }: PickerProps) {
  const say = useWords();
  const sources = useQuery(sourcesQuery).data;
  return (
    <Pick
      any={say("filter.anySource")}
      chosen={(name) => say("filter.source", { name })}
      options={sources?.map((source) => ({
        name: source.id,
        label: sourceName(source, say),
        documents: source.documents,
      }))}
      value={value}
      onPick={onPick}
    />
  );
}

/** "with any label"; nothing to choose before the first label. */
export function LabelChip({ value, onPick }: PickerProps) {
  const say = useWords();
  const labels = useQuery(kindsQuery).data?.labels;
  return (
    <Pick
      any={say("filter.anyLabel")}
      chosen={(name) => say("filter.label", { name })}
      options={labels?.map(({ name, documents }) => ({ name, label: name, documents }))}
      least={1}
      value={value}
      onPick={onPick}
    />
  );
}

function Pick({
  any,
  chosen,
  options = [],
  least = 2,
  value,
  onPick,
}: PickerProps & {
  any: string;
  chosen: (name: string) => string;
  options?: readonly { name: string; label: string; documents: number }[] | undefined;
  /** From how many options on there is a choice. */
  least?: number;
}) {
  const format = useFormat();
  if (options.length < least && value === undefined) return null;
  const known = options.find(({ name }) => name.toLowerCase() === value?.toLowerCase());
  const listed: PickOption[] = options.map(({ name, label, documents }) => ({
    value: name,
    label,
    count: format.number(documents),
  }));
  if (value !== undefined && !known) listed.push({ value, label: value });
  return (
    <PickChip
      label={value === undefined ? any : chosen(known?.label ?? value)}
      value={known?.name ?? value ?? ""}
      options={[{ value: "", label: any }, ...listed]}
      onPick={(picked) => onPick(picked === "" ? undefined : picked)}
    />
  );
}
