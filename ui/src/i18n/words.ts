/**
 * Words of the interface. Each folder keeps its own `en.ts` and `ru.ts` and makes its hook with
 * `defineWords`; a missing or misspelt key, or a missing value for a `{name}`, does not compile.
 */
import { type Language, language, localeOf, useLanguage } from "./language";

/** Forms of a phrase by the CLDR category of its `{count}`. */
export type Plural = {
  readonly one?: string;
  readonly few?: string;
  readonly many?: string;
  readonly other: string;
};

export type Phrase = string | Plural;
export type Phrases = Readonly<Record<string, Phrase>>;

/** What a translation of `English` must have: the same keys, a plural where English has one. */
export type Translation<English extends Phrases> = {
  readonly [Key in keyof English]: English[Key] extends string ? string : Plural;
};

type Names<Text> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;
type NamesOf<Entry> = Entry extends string ? Names<Entry> : Names<Entry[keyof Entry]> | "count";
type Values<Entry> = { readonly [Name in NamesOf<Entry>]: Name extends "count" ? number : string | number };

/** Says a phrase in the current language; numbers are written by that language's rules. */
export type Say<English extends Phrases> = <Key extends keyof English & string>(
  key: Key,
  ...values: [NamesOf<English[Key]>] extends [never] ? [] : [Values<English[Key]>]
) => string;

export function defineWords<const English extends Phrases>(
  english: English,
  russian: Translation<English>,
): { useWords: () => Say<English>; say: Say<English> } {
  const tables: Record<Language, Phrases> = { en: english, ru: russian };
  const speak = (tongue: Language): Say<English> => {
    const table = tables[tongue];
    return (key, ...values) => fill(table[key] ?? key, values[0] ?? {}, tongue);
  };
  const spoken: Record<Language, Say<English>> = { en: speak("en"), ru: speak("ru") };
  return {
    useWords: () => spoken[useLanguage()],
    say: (key, ...values) => spoken[language()](key, ...values),
  };
}

const plurals: Record<Language, Intl.PluralRules> = {
  en: new Intl.PluralRules("en"),
  ru: new Intl.PluralRules("ru"),
};
const numbers: Record<Language, Intl.NumberFormat> = {
  en: new Intl.NumberFormat(localeOf("en")),
  ru: new Intl.NumberFormat(localeOf("ru")),
};

function fill(phrase: Phrase, values: Readonly<Record<string, string | number>>, tongue: Language): string {
  const text = typeof phrase === "string" ? phrase : form(phrase, Number(values.count ?? 0), tongue);
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    return typeof value === "number" ? numbers[tongue].format(value) : value;
  });
}

function form(plural: Plural, count: number, tongue: Language): string {
  const category = plurals[tongue].select(count);
  if (category === "one" || category === "few" || category === "many")
    return plural[category] ?? plural.other;
  return plural.other;
}
