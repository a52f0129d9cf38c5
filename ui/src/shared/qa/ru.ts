import type { Translation } from "../../i18n/words";
import type { en } from "./en";

export const ru: Translation<typeof en> = {
  cancel: "Отмена",
  save: "Сохранить",
  saveAnyway: "Всё равно сохранить",
  same: "На этот вопрос уже есть ответ.",
  sameOpen: "Открыть его",
  questions: "Вопросы",
  questionsHelp: "По одному в строке. Если записать один вопрос по-разному, он найдётся лучше.",
  answer: "Ответ",
  answerHelp: "Клиенты получат в точности эти слова.",
};
