/** What engines on servers cost: one currency, and two prices for each of them. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, take } from "../../../api/client";
import { settingsQuery } from "../../../api/queries";
import type { components } from "../../../api/schema";
import type { Settings } from "../../../api/types";
import { Button } from "../../../design/Button";
import { Field, Select } from "../../../design/Field";
import { ErrorNote, Section, Skeleton } from "../../../design/Parts";
import { toast } from "../../../design/Toast";
import { useFormat } from "../../../i18n/format";
import { localeOf, useLanguage } from "../../../i18n/language";
import { useEngineName } from "../../../shared/answer/engineName";
import styles from "../Settings.module.css";
import { pricedEngines, unpriced } from "./engines";
import { likelyCurrency, microsOf, typed } from "./money";
import css from "./usage.module.css";
import { useWords } from "./words";

type EngineDay = components["schemas"]["EngineDay"];

export function Prices({ rows }: { rows: readonly EngineDay[] }) {
  const say = useWords();
  const settings = useQuery(settingsQuery);
  return (
    <div id="prices">
      <Section title={say("prices.title")} about={say("prices.about")}>
        {settings.isPending && <Skeleton lines={3} height={52} />}
        {settings.isError && !settings.data && (
          <ErrorNote error={settings.error} onRetry={() => void settings.refetch()} />
        )}
        {settings.data && (
          <Form
            key={JSON.stringify([settings.data.prices, settings.data.currency, settings.data.remote?.model])}
            settings={settings.data}
            rows={rows}
          />
        )}
      </Section>
    </div>
  );
}

function Form({ settings, rows }: { settings: Settings; rows: readonly EngineDay[] }) {
  const say = useWords();
  const format = useFormat();
  const name = useEngineName();
  const language = useLanguage();
  const point = new Intl.NumberFormat(localeOf(language)).format(1.5).charAt(1);
  const engines = pricedEngines(settings, rows);
  const missing = unpriced(settings, rows);
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const [currency, setCurrency] = useState(settings.currency ?? likelyCurrency(zone));
  const [prices, setPrices] = useState(() =>
    engines.map((engine) => {
      const kept = settings.prices.find((one) => one.engine === engine);
      return {
        engine,
        read: kept ? typed(kept.read_micros, point) : "",
        written: kept ? typed(kept.written_micros, point) : "",
      };
    }),
  );
  const save = useMutation({
    mutationFn: () =>
      take(
        api.PATCH("/api/settings", {
          body: {
            currency,
            prices: prices.flatMap(({ engine, read, written }) => {
              const [read_micros, written_micros] = [microsOf(read), microsOf(written)];
              return read_micros === null || written_micros === null
                ? []
                : [{ engine, read_micros, written_micros }];
            }),
          },
        }),
      ),
    meta: { stale: ["settings", "activity"] },
    onSuccess: () => void toast({ text: say("prices.saved") }),
  });
  if (engines.length === 0) return <p className={styles.note}>{say("prices.none")}</p>;
  const isWrong = (text: string, other: string) =>
    text.trim() === "" ? other.trim() !== "" : microsOf(text) === null;
  const areWhole = prices.every(({ read, written }) => !isWrong(read, written) && !isWrong(written, read));
  const change = (engine: string, part: "read" | "written", text: string) => {
    save.reset();
    setPrices(prices.map((price) => (price.engine === engine ? { ...price, [part]: text } : price)));
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (areWhole) save.mutate();
  };
  return (
    <form className={styles.form} onSubmit={submit} autoComplete="off">
      {missing.length > 0 && (
        <p className={css.missing}>{say("prices.missing", { engines: format.list(missing.map(name)) })}</p>
      )}
      <Select
        label={say("prices.currency")}
        value={currency}
        options={currencies(currency, localeOf(language))}
        onChange={(event) => {
          save.reset();
          setCurrency(event.target.value);
        }}
      />
      {prices.map(({ engine, read, written }) => (
        <fieldset key={engine} className={css.engine}>
          <legend>{name(engine)}</legend>
          <div className={styles.two}>
            <Field
              label={say("prices.read")}
              inputMode="decimal"
              maxLength={20}
              value={read}
              error={isWrong(read, written) ? say("prices.wrong") : undefined}
              onChange={(event) => change(engine, "read", event.target.value)}
            />
            <Field
              label={say("prices.written")}
              inputMode="decimal"
              maxLength={20}
              value={written}
              error={isWrong(written, read) ? say("prices.wrong") : undefined}
              onChange={(event) => change(engine, "written", event.target.value)}
            />
          </div>
        </fieldset>
      ))}
      <p className={styles.note}>{say("prices.help")}</p>
      {save.error && <ErrorNote error={save.error} />}
      <div>
        <Button type="submit" disabled={!areWhole} busy={save.isPending}>
          {say("prices.save")}
        </Button>
      </div>
    </form>
  );
}

/** Every currency that is known here, by its letters and its name; the chosen one in any case. */
function currencies(chosen: string, locale: string): { value: string; label: string }[] {
  const names = new Intl.DisplayNames([locale], { type: "currency" });
  const codes = new Set([...Intl.supportedValuesOf("currency"), chosen]);
  return [...codes].sort().map((code) => ({ value: code, label: `${code} · ${names.of(code) ?? code}` }));
}
