import { defineWords } from "../i18n/words";
import { en } from "./en";
import { ru } from "./ru";

export const { useWords: useDesignWords } = defineWords(en, ru);
