import { defineWords, type Say } from "../../../i18n/words";
import { en } from "./en";
import { ru } from "./ru";

export const { useWords, say: saySecurity } = defineWords(en, ru);

export type SecuritySay = Say<typeof en>;
