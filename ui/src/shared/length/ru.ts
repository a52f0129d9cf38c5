import type { Translation } from "../../i18n/words";
import type { en } from "./en";

export const ru: Translation<typeof en> = {
  tooLong: {
    one: "Лишний {count} символ",
    few: "Лишние {count} символа",
    many: "Лишних {count} символов",
    other: "Лишние {count} символа",
  },
};
