import { defineWords, type Say } from "../../i18n/words";
import { en } from "./en";
import { ru } from "./ru";

export const { useWords: useAnswerWords, say: sayAnswer } = defineWords(en, ru);

export type AnswerSay = Say<typeof en>;
