import { defineWords, type Say } from "../../i18n/words";
import { en } from "./en";
import { ru } from "./ru";

export const { useWords } = defineWords(en, ru);

/** How the Playground says its phrases. */
export type PlaygroundSay = Say<typeof en>;
