/** What a trade's template fills in, in the chosen language. */
import { defineWords } from "../../i18n/words";
import { en } from "./en";
import { ru } from "./ru";

const { useWords } = defineWords(en, ru);

/** The trades that there are templates for. */
export const trades = ["shop", "clinic", "school", "restaurant", "it", "services"] as const;
export type Trade = (typeof trades)[number];

/** The templates, with the name of the business in them. */
export function useTrades(business: string): {
  name: (trade: Trade) => string;
  instructions: (trade: Trade) => string;
  greeting: (trade: Trade) => string;
} {
  const say = useWords();
  return {
    name: (trade) => say(`name.${trade}`),
    instructions: (trade) => say(`instructions.${trade}`, { business }),
    greeting: (trade) => say(`greeting.${trade}`, { business }),
  };
}
