//! What the window says itself, in the system's language: menus, tray, notifications, and the pages that stand there
//! when the program's own pages do not yet, or cannot.

/// Everything that is said.
#[derive(Debug)]
pub struct Words {
    /// The language, for the page.
    pub language: &'static str,
    pub starting: &'static str,
    pub moving: &'static str,
    pub moving_about: &'static str,
    pub choose_folder: &'static str,
    pub open: &'static str,
    pub open_in_browser: &'static str,
    pub close: &'static str,
    pub quit: &'static str,
    pub go: &'static str,
    pub home: &'static str,
    pub inbox: &'static str,
    pub knowledge: &'static str,
    pub playground: &'static str,
    pub channels: &'static str,
    pub improve: &'static str,
    pub settings: &'static str,
    pub view: &'static str,
    pub reload: &'static str,
    pub larger: &'static str,
    pub smaller: &'static str,
    pub usual_size: &'static str,
    pub full_screen: &'static str,
    pub help: &'static str,
    pub show_log: &'static str,
    pub version: &'static str,
    #[cfg(target_os = "macos")]
    pub edit: &'static str,
    pub autostart: &'static str,
    pub state_starting: &'static str,
    pub state_failed: &'static str,
    pub no_bots: &'static str,
    pub bots_running: &'static str,
    pub bots_troubled: &'static str,
    pub needs_person: &'static str,
    pub nobody_waits: &'static str,
    pub stays_title: &'static str,
    pub stays: &'static str,
    pub stays_keep: &'static str,
    pub stays_quit: &'static str,
    pub person_title: &'static str,
    pub person_body: &'static str,
    pub person_unknown: &'static str,
    pub file_title: &'static str,
    pub file_body: &'static str,
    pub failed_title: &'static str,
    pub failed_about: &'static str,
    pub failed_in_use: &'static str,
    pub failed_newer: &'static str,
    pub failed_damaged: &'static str,
    pub failed_full: &'static str,
    pub failed_closed: &'static str,
    pub failed_no_backup: &'static str,
    pub failed_unknown: &'static str,
    pub failed_exactly: &'static str,
    pub found_folder: &'static str,
    pub found_open: &'static str,
    pub found_network: &'static str,
    pub failed_found: &'static str,
    pub failed_log: &'static str,
    pub failed_again: &'static str,
    pub failed_restore: &'static str,
    pub failed_restore_about: &'static str,
    pub failed_server: &'static str,
}

/// The words of the system's language.
pub fn words() -> &'static Words {
    of(&sys_locale::get_locale().unwrap_or_default())
}

fn of(locale: &str) -> &'static Words {
    match locale.split(['-', '_']).next() {
        Some("ru") => &RU,
        _ => &EN,
    }
}

pub(super) const EN: Words = Words {
    language: "en",
    starting: "ChatAI is starting…",
    moving: "Your data is being moved",
    moving_about: "Everything is copied and compared; ChatAI then starts from the new place. With much data this takes a \
                   while. Your bots answer again afterwards; until then Telegram keeps what customers write.",
    choose_folder: "Choose a folder",
    open: "Open ChatAI",
    open_in_browser: "Open in the browser",
    close: "Close the window",
    quit: "Quit ChatAI",
    go: "Go",
    home: "Home",
    inbox: "Inbox",
    knowledge: "Knowledge",
    playground: "Playground",
    channels: "Channels",
    improve: "Improve",
    settings: "Settings",
    view: "View",
    reload: "Load again",
    larger: "Larger",
    smaller: "Smaller",
    usual_size: "Usual size",
    full_screen: "Full screen",
    help: "Help",
    show_log: "Show the log",
    version: "Version",
    #[cfg(target_os = "macos")]
    edit: "Edit",
    autostart: "Start with this computer",
    state_starting: "Starting…",
    state_failed: "ChatAI could not start",
    no_bots: "No bots yet",
    bots_running: "Bots at work:",
    bots_troubled: "Something is in the way of:",
    needs_person: "Waiting for a person:",
    nobody_waits: "Nobody is waiting",
    stays_title: "ChatAI goes on answering",
    stays: "The window is closed, and your bots keep working. You find ChatAI in the tray, or start it again to see it. \
            Quit ends it.",
    stays_keep: "Keep it running",
    stays_quit: "Quit instead",
    person_title: "Somebody waits for a person",
    person_body: "would like to talk to a person. Click to open the conversation.",
    person_unknown: "A customer",
    file_title: "A file was not taken in",
    file_body: "could not be read into the knowledge:",
    failed_title: "ChatAI could not start",
    failed_about: "Your data is where it was. This is what stood in the way:",
    failed_in_use: "Another ChatAI is already at work on this data, as a server without a window.",
    failed_newer: "This data was written by a newer ChatAI. Start that one, or go back to a backup that this one can \
                   read.",
    failed_damaged: "The data is damaged. A backup can take its place.",
    failed_full: "The disk with the data is full. Make room on it, then try again.",
    failed_closed: "The data folder cannot be read or written. Look whether its disk is there and belongs to you, then \
                    try again.",
    failed_no_backup: "There is no good backup that could take the place of the data.",
    failed_unknown: "Try again. If it fails again, these words and the log help whoever helps you:",
    failed_exactly: "In the program's own words",
    found_folder: "The data lies in",
    found_open: "Others who use this computer can enter it.",
    found_network: "It lies on another computer: a break of the network can damage it.",
    failed_found: "What the doctor found",
    failed_log: "Everything it did is written in the log:",
    failed_again: "Try again",
    failed_restore: "Put back the newest good backup",
    failed_restore_about: "What is there now is set aside, not deleted.",
    failed_server: "Open what is running",
};

pub(super) const RU: Words = Words {
    language: "ru",
    starting: "ChatAI запускается…",
    moving: "Данные переносятся",
    moving_about: "Всё копируется и сверяется, затем ChatAI запустится с нового места. Если данных много, это займёт \
                   время. Потом боты снова ответят; до тех пор сообщения клиентов хранит Telegram.",
    choose_folder: "Выберите папку",
    open: "Открыть ChatAI",
    open_in_browser: "Открыть в браузере",
    close: "Закрыть окно",
    quit: "Завершить ChatAI",
    go: "Перейти",
    home: "Главная",
    inbox: "Диалоги",
    knowledge: "Знания",
    playground: "Проба",
    channels: "Каналы",
    improve: "Улучшения",
    settings: "Настройки",
    view: "Вид",
    reload: "Загрузить заново",
    larger: "Крупнее",
    smaller: "Мельче",
    usual_size: "Обычный размер",
    full_screen: "На весь экран",
    help: "Справка",
    show_log: "Показать журнал",
    version: "Версия",
    #[cfg(target_os = "macos")]
    edit: "Правка",
    autostart: "Запускать вместе с компьютером",
    state_starting: "Запускается…",
    state_failed: "ChatAI не смог запуститься",
    no_bots: "Ботов пока нет",
    bots_running: "Работают боты:",
    bots_troubled: "Что-то мешает ботам:",
    needs_person: "Ждут человека:",
    nobody_waits: "Никто не ждёт",
    stays_title: "ChatAI продолжает отвечать",
    stays: "Окно закрыто, а боты работают дальше. ChatAI — в области уведомлений; его можно и просто запустить ещё раз. \
            «Завершить» остановит его.",
    stays_keep: "Пусть работает",
    stays_quit: "Завершить",
    person_title: "Клиент ждёт человека",
    person_body: "хочет поговорить с человеком. Нажмите, чтобы открыть диалог.",
    person_unknown: "Клиент",
    file_title: "Файл не принят",
    file_body: "не удалось добавить в знания:",
    failed_title: "ChatAI не смог запуститься",
    failed_about: "Ваши данные на месте. Вот что помешало:",
    failed_in_use: "С этими данными уже работает другой ChatAI — сервером, без окна.",
    failed_newer: "Эти данные записал более новый ChatAI. Запустите его или вернитесь к копии, которую может прочитать \
                   этот.",
    failed_damaged: "Данные повреждены. На их место можно поставить резервную копию.",
    failed_full: "На диске с данными нет места. Освободите его и попробуйте ещё раз.",
    failed_closed: "Папку данных не удаётся прочитать или записать. Проверьте, подключён ли её диск и ваша ли она, и \
                    попробуйте ещё раз.",
    failed_no_backup: "Исправной копии, которую можно поставить на место данных, нет.",
    failed_unknown: "Попробуйте ещё раз. Если не поможет, эти слова и журнал пригодятся тому, кто вам помогает:",
    failed_exactly: "Словами самой программы",
    found_folder: "Данные лежат в папке",
    found_open: "В неё могут войти другие пользователи этого компьютера.",
    found_network: "Она на другом компьютере: обрыв сети может повредить данные.",
    failed_found: "Что нашла проверка",
    failed_log: "Всё, что делала программа, записано в журнале:",
    failed_again: "Попробовать ещё раз",
    failed_restore: "Вернуть последнюю исправную копию",
    failed_restore_about: "То, что есть сейчас, будет отложено, а не удалено.",
    failed_server: "Открыть то, что работает",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn russian_systems_are_spoken_to_in_russian_and_all_others_in_english() {
        assert_eq!(of("ru-RU").language, "ru");
        assert_eq!(of("ru_RU.UTF-8").language, "ru");
        assert_eq!(of("de-DE").language, "en");
        assert_eq!(of("").language, "en");
    }
}
