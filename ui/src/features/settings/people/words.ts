import { defineWords } from "../../../i18n/words";
import { en } from "./en";
import { ru } from "./ru";

export const { useWords, say: sayPeople } = defineWords(en, ru);
