import type { Translation } from "../../i18n/words";
import type { en } from "./en";

export const ru: Translation<typeof en> = {
  short: {
    one: "Ещё {count} знак",
    few: "Ещё {count} знака",
    many: "Ещё {count} знаков",
    other: "Ещё {count} знака",
  },
  guessed: "Этот пароль подбирают одним из первых",
};
