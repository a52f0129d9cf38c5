import { defineWords, type Say } from "../../i18n/words";
import { en } from "./en";
import { ru } from "./ru";

export const { useWords, say: sayKnowledge } = defineWords(en, ru);

export type KnowledgeSay = Say<typeof en>;
