import type { Translation } from "../../i18n/words";
import type { en } from "./en";

/** The words of the document viewer in Russian. */
export const ru: Translation<typeof en> = {
  "viewer.tools": "Действия с документом",
  "viewer.pages": "Страницы документа",
  "viewer.text": "Текст документа",
  "viewer.page": "Страница {page}",
  "viewer.page_word": "Страница",
  "viewer.of_pages": "из {pages}",
  "viewer.zoom": "Масштаб",
  "viewer.larger": "Крупнее",
  "viewer.smaller": "Мельче",
  "viewer.fit": "По ширине",
  "viewer.download": "Скачать файл",
  "viewer.show_text": "Показать прочитанный текст",
  "viewer.show_original": "Показать страницы",
  "viewer.as_read": "Текст, как он прочитан",
  "viewer.opening": "Открываем документ",
  "viewer.no_text": "В этом документе нет текста.",
  "viewer.quote_not_marked":
    "Цитату не удалось отметить на странице: буквы в файле отличаются от прочитанного текста.",
  "viewer.retry": "Попробовать ещё раз",
  "viewer.failed_gone": "Этого документа больше нет",
  "viewer.failed_gone_do": "Его удалили или заменили новой версией уже после ответа.",
  "viewer.failed_unreachable": "Не удалось открыть документ",
  "viewer.failed_unreachable_do":
    "Программа его не прислала. Проверьте, что она запущена, и попробуйте ещё раз.",
  "viewer.failed_encrypted": "Для этого файла нужен пароль",
  "viewer.failed_encrypted_do": "Скачайте его и откройте с паролем или посмотрите прочитанный текст.",
  "viewer.failed_damaged": "Страницы этого файла не удаётся нарисовать",
  "viewer.failed_damaged_do": "Файл повреждён. Скачайте его или посмотрите прочитанный текст.",
};
