import { defineWords, type Say } from "../../i18n/words";
import { en } from "./en";
import { ru } from "./ru";

export const { useWords, say: sayChannels } = defineWords(en, ru);

export type ChannelsSay = Say<typeof en>;
