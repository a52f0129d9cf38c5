/** The interface's language: chosen by hand, else the browser's. The choice is kept in this browser. */
import { useSyncExternalStore } from "react";

export type Language = "en" | "ru";

const key = "chatai.language";
const listeners = new Set<() => void>();

// boot.js has settled the language before this module runs.
let current: Language = globalThis.document?.documentElement.lang === "ru" ? "ru" : "en";

export function language(): Language {
  return current;
}

export function setLanguage(next: Language): void {
  current = next;
  document.documentElement.lang = next;
  try {
    localStorage.setItem(key, next);
  } catch {
    // Without storage the choice lasts until the page is closed.
  }
  for (const listener of listeners) listener();
}

export function useLanguage(): Language {
  return useSyncExternalStore(subscribe, language);
}

/**
 * The language as it is written where the reader lives: how dates, hours and numbers look is the region's, and only
 * the words are the language's ("26 November, 18:07" in London, "November 26, 6:07 PM" in Boston).
 */
export function localeOf(language: Language): string {
  const home = globalThis.navigator?.language;
  if (!home) return language;
  try {
    const { region } = new Intl.Locale(home);
    return region ? `${language}-${region}` : language;
  } catch {
    return language;
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
