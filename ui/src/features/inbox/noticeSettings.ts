/** Whether this browser tells of what happens in the Inbox: both are off until somebody switches them on. */
import { useSyncExternalStore } from "react";

export interface NoticeSettings {
  desktop: boolean;
  sound: boolean;
}

const key = "chatai.notices";
const off: NoticeSettings = { desktop: false, sound: false };
let settings = read();
const listeners = new Set<() => void>();

export function setNotices(change: Partial<NoticeSettings>): void {
  settings = { ...settings, ...change };
  localStorage.setItem(key, JSON.stringify(settings));
  for (const listener of listeners) listener();
}

export function useNoticeSettings(): NoticeSettings {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => settings,
  );
}

function read(): NoticeSettings {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? "{}") as Partial<NoticeSettings>;
    return { desktop: kept.desktop === true, sound: kept.sound === true };
  } catch {
    return off;
  }
}
