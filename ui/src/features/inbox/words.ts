import { defineWords, type Say } from "../../i18n/words";
import { en } from "./en";
import { ru } from "./ru";

export const { useWords, say: sayInbox } = defineWords(en, ru);

export type InboxSay = Say<typeof en>;
