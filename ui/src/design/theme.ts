/** The chosen look: the system's, or one picked by hand and kept in this browser. */
import { useSyncExternalStore } from "react";
import type { ThemeName } from "./tokens";

export type ThemeChoice = "system" | ThemeName;

const key = "chatai.theme";
const listeners = new Set<() => void>();

export function setTheme(choice: ThemeChoice): void {
  const root = document.documentElement;
  if (choice === "system") delete root.dataset.theme;
  else root.dataset.theme = choice;
  try {
    if (choice === "system") localStorage.removeItem(key);
    else localStorage.setItem(key, choice);
  } catch {
    // Without storage the choice lasts until the page is closed.
  }
  for (const listener of listeners) listener();
}

export function useTheme(): ThemeChoice {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => {
      const theme = document.documentElement.dataset.theme;
      return theme === "light" || theme === "dark" || theme === "contrast" ? theme : "system";
    },
  );
}
