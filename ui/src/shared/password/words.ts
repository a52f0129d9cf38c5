import { defineWords } from "../../i18n/words";
import { en } from "./en";
import { ru } from "./ru";

export const { useWords } = defineWords(en, ru);
