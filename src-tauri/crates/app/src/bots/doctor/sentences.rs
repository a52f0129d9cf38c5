//! Every sentence of the doctor, in English and Russian, with what to do where there is something to do.

use crate::bots::doctor::CheckKind;

/// What is so and what to do, in English and in Russian.
type Both = [(&'static str, &'static str); 2];

/// The sentence of a check; `{0}` and so on stand for its values.
pub(super) fn words(what: CheckKind, key: &str) -> Both {
    match (what, key) {
        (CheckKind::On, "running") => [
            ("The bot is on and listens.", ""),
            ("Бот включён и слушает.", ""),
        ],
        (CheckKind::On, "starting") => [
            (
                "The bot is on and being connected.",
                "Wait a moment and look again.",
            ),
            (
                "Бот включён и подключается.",
                "Подождите немного и проверьте снова.",
            ),
        ],
        (CheckKind::On, "off") => [
            ("The bot is off.", "Switch it on."),
            ("Бот выключен.", "Включите его."),
        ],
        (CheckKind::On, _) => [
            (
                "The bot is on, and something is in its way.",
                "See below what it is.",
            ),
            (
                "Бот включён, но ему что-то мешает.",
                "Смотрите ниже, что именно.",
            ),
        ],
        (CheckKind::Token, "known") => [
            ("Telegram knows the token.", ""),
            ("Telegram знает этот токен.", ""),
        ],
        (CheckKind::Token, "unknown") => [
            (
                "Telegram does not know the token.",
                "Open BotFather, choose the bot, copy its token and enter it anew. Nothing is lost meanwhile.",
            ),
            (
                "Telegram не знает этот токен.",
                "Откройте BotFather, выберите бота, скопируйте токен и введите его заново. Ничего не пропадёт.",
            ),
        ],
        (CheckKind::Token, "lost") => [
            (
                "The token cannot be opened on this computer.",
                "Enter it anew, or restore the key that the data was locked with.",
            ),
            (
                "Токен на этом компьютере не открывается.",
                "Введите его заново или восстановите ключ, которым закрыты данные.",
            ),
        ],
        (CheckKind::Name, "name") => [("Its name is {0}.", ""), ("Имя: {0}.", "")],
        (CheckKind::Privacy, "no_groups") => [
            ("It does not answer in groups.", ""),
            ("В группах он не отвечает.", ""),
        ],
        (CheckKind::Privacy, "cannot_join") => [
            (
                "It may not be added to groups.",
                "In BotFather: Bot Settings, Allow Groups, if you want it in groups.",
            ),
            (
                "Его нельзя добавить в группу.",
                "Если он нужен в группах: BotFather, Bot Settings, Allow Groups.",
            ),
        ],
        (CheckKind::Privacy, "reads_all") => [
            (
                "In groups it reads everything, and answers when it is addressed.",
                "",
            ),
            (
                "В группах он видит всё, а отвечает, когда к нему обращаются.",
                "",
            ),
        ],
        (CheckKind::Privacy, "addressed_only") => [
            (
                "In groups it sees only what is addressed to it: that is enough.",
                "",
            ),
            (
                "В группах он видит только обращения к нему: этого достаточно.",
                "",
            ),
        ],
        (CheckKind::OtherPoller, "alone") => [
            ("No other program takes its messages.", ""),
            ("Другие программы его сообщений не забирают.", ""),
        ],
        (CheckKind::OtherPoller, "other") => [
            (
                "Another program uses this bot's token.",
                "Stop the other program, or give the bot a new token in BotFather and enter it here.",
            ),
            (
                "Этим токеном пользуется другая программа.",
                "Остановите её или получите в BotFather новый токен и введите его здесь.",
            ),
        ],
        (CheckKind::Webhook, "none") => [
            (
                "No webhook is set: messages are asked for, as it should be.",
                "",
            ),
            ("Вебхука нет: сообщения запрашиваются, так и надо.", ""),
        ],
        (CheckKind::Webhook, "ours") => [
            ("Messages come to the webhook at {0}.", ""),
            ("Сообщения приходят на вебхук {0}.", ""),
        ],
        (CheckKind::Webhook, "missing") => [
            (
                "The webhook is not set at Telegram yet.",
                "Check that the public address is right and starts with https://.",
            ),
            (
                "Вебхук в Telegram ещё не установлен.",
                "Проверьте, что публичный адрес верный и начинается с https://.",
            ),
        ],
        (CheckKind::Webhook, "failing") => [
            (
                "Telegram cannot deliver to the webhook at {0}: {1}",
                "Open the public address from outside, or switch the webhook off: messages are then asked for.",
            ),
            (
                "Telegram не может доставить на вебхук {0}: {1}",
                "Откройте публичный адрес снаружи или выключите вебхук: тогда сообщения будут запрашиваться.",
            ),
        ],
        (CheckKind::Webhook, "in_the_way") => [
            (
                "A webhook of another program is set, at {0}: no messages arrive here.",
                "If you do not need it any more, let this program remove it. Waiting messages stay.",
            ),
            (
                "Установлен вебхук другой программы, {0}: сюда сообщения не приходят.",
                "Если он больше не нужен, разрешите этой программе снять его. Ждущие сообщения останутся.",
            ),
        ],
        (CheckKind::Proxy, "none") => [("No proxy is used.", ""), ("Прокси не используется.", "")],
        (CheckKind::Proxy, "used") => [("The proxy {0} works.", ""), ("Прокси {0} работает.", "")],
        (CheckKind::Clock, "right") => [
            ("The computer's clock is right.", ""),
            ("Часы компьютера идут верно.", ""),
        ],
        (CheckKind::Clock, "ahead") => [
            (
                "The computer's clock is {0} seconds ahead.",
                "Let the computer set its time by itself.",
            ),
            (
                "Часы компьютера спешат на {0} с.",
                "Включите на компьютере автоматическую настройку времени.",
            ),
        ],
        (CheckKind::Clock, "behind") => [
            (
                "The computer's clock is {0} seconds behind.",
                "Let the computer set its time by itself.",
            ),
            (
                "Часы компьютера отстают на {0} с.",
                "Включите на компьютере автоматическую настройку времени.",
            ),
        ],
        (CheckKind::Reach, "fast") => [
            ("Telegram answers within {0} ms.", ""),
            ("Telegram отвечает за {0} мс.", ""),
        ],
        (CheckKind::Reach, "slow") => [
            (
                "Telegram answers slowly, within {0} ms.",
                "Look at the connection, or use a proxy.",
            ),
            (
                "Telegram отвечает медленно, за {0} мс.",
                "Проверьте соединение или используйте прокси.",
            ),
        ],
        (CheckKind::Reach, "not_reached") | (CheckKind::LastError, "unreachable") => [
            (
                "Telegram cannot be reached: {0}",
                "Check the internet connection and the proxy. It is tried again all the time, and nothing is lost.",
            ),
            (
                "Telegram недоступен: {0}",
                "Проверьте интернет и прокси. Попытки продолжаются, ничего не пропадёт.",
            ),
        ],
        (CheckKind::Reach, "bad_address") | (CheckKind::LastError, "bad_address") => [
            (
                "The server's or the proxy's address cannot be used: {0}",
                "Correct the address in the bot's settings.",
            ),
            (
                "Адрес сервера или прокси не подходит: {0}",
                "Исправьте адрес в настройках бота.",
            ),
        ],
        (CheckKind::Reach, "local_only") | (CheckKind::LastError, "local_only") => [
            (
                "Nothing leaves this computer at the moment, so Telegram is not asked.",
                "Switch it off in Settings, under Privacy; Telegram keeps what customers write for a day.",
            ),
            (
                "Сейчас ничего не покидает этот компьютер, поэтому к Telegram никто не обращается.",
                "Выключите это в настройках, в разделе «Приватность»; сообщения клиентов Telegram хранит сутки.",
            ),
        ],
        (CheckKind::Reach, "limited") | (CheckKind::LastError, "limited") => [
            (
                "Telegram asks to wait a little.",
                "Nothing is to be done: it goes on by itself.",
            ),
            (
                "Telegram просит немного подождать.",
                "Делать ничего не нужно: всё продолжится само.",
            ),
        ],
        (CheckKind::Queue, "empty") => [("Nothing waits.", ""), ("Ничего не ждёт.", "")],
        (CheckKind::Queue, "waiting") => [
            ("Messages that wait: {0}, the oldest for {1} min.", ""),
            ("Сообщений ждёт: {0}, самое старое {1} мин.", ""),
        ],
        (CheckKind::Queue, "old") => [
            (
                "Messages that wait: {0}, the oldest for {1} min. That is long.",
                "See what is in the bot's way, and whether the computer is busy.",
            ),
            (
                "Сообщений ждёт: {0}, самое старое {1} мин. Это долго.",
                "Посмотрите, что мешает боту и не занят ли компьютер.",
            ),
        ],
        (CheckKind::Queue, _) => [
            (
                "Messages that wait: {0}. Of {1} nothing could be read in the last 14 days.",
                "A newer version of this program may read them: look for an update.",
            ),
            (
                "Сообщений ждёт: {0}. За 14 дней не удалось прочитать: {1}.",
                "Их может прочитать новая версия программы: проверьте обновления.",
            ),
        ],
        (CheckKind::LastUpdate, "update") => [
            ("Somebody last wrote {0} min ago.", ""),
            ("Последнее сообщение было {0} мин назад.", ""),
        ],
        (CheckKind::LastUpdate, "quiet") => [
            (
                "Nobody has written yet; Telegram was heard {0} min ago.",
                "",
            ),
            ("Пока никто не писал; Telegram отвечал {0} мин назад.", ""),
        ],
        (CheckKind::LastUpdate, _) => [
            (
                "Nothing has arrived yet.",
                "Write something to the bot yourself and look again.",
            ),
            (
                "Пока ничего не приходило.",
                "Напишите боту сами и проверьте снова.",
            ),
        ],
        (CheckKind::LastError, "none") => {
            [("Nothing is in its way.", ""), ("Ничто не мешает.", "")]
        }
        (CheckKind::LastError, "needs_token") => words(CheckKind::Token, "unknown"),
        (CheckKind::LastError, "secret_lost") => words(CheckKind::Token, "lost"),
        (CheckKind::LastError, "other_poller") => words(CheckKind::OtherPoller, "other"),
        (CheckKind::LastError, "webhook_set") => words(CheckKind::Webhook, "in_the_way"),
        (CheckKind::Hours, "always") => [
            (
                "No working hours are set: people are there at any time.",
                "",
            ),
            (
                "Рабочие часы не заданы: считается, что сотрудники на месте всегда.",
                "",
            ),
        ],
        (CheckKind::Hours, "open") => [
            ("People are there now. {0}", ""),
            ("Сейчас рабочее время. {0}", ""),
        ],
        (CheckKind::Hours, "closed") => [
            ("Nobody is there now. {0}", ""),
            ("Сейчас нерабочее время. {0}", ""),
        ],
        (CheckKind::Assistant, "there") => [("{0} answers.", ""), ("Отвечает {0}.", "")],
        (CheckKind::Engine, "quotes") => [
            ("Answers are quotes of your documents.", ""),
            ("Ответы: цитаты из ваших документов.", ""),
        ],
        (CheckKind::Engine, "remote") => [
            (
                "Answers are written by {0}, and by quotes when it fails.",
                "",
            ),
            ("Ответы пишет {0}, а при сбое отвечают цитаты.", ""),
        ],
        (CheckKind::Engine, "not_set_up") => [
            (
                "The model that is chosen is not set up: quotes answer instead.",
                "Set the model up in Settings, or choose quotes.",
            ),
            (
                "Выбранная модель не настроена: вместо неё отвечают цитаты.",
                "Настройте модель или выберите цитаты.",
            ),
        ],
        (CheckKind::Engine, "no_knowledge") => [
            (
                "There are no documents yet: every question is refused.",
                "Add documents in Knowledge.",
            ),
            (
                "Документов пока нет: на все вопросы будет отказ.",
                "Добавьте документы в разделе знаний.",
            ),
        ],
        (CheckKind::Staff, "nobody") => [
            (
                "Nobody is told when a customer asks for a person.",
                "Enter a staff group or operators in the bot's settings.",
            ),
            (
                "Когда клиент зовёт человека, никто об этом не узнаёт.",
                "Укажите в настройках бота группу сотрудников или операторов.",
            ),
        ],
        (CheckKind::Staff, "private") => [
            ("Operators who are told in their own chats: {0}.", ""),
            ("Операторов, которые узнают в своих чатах: {0}.", ""),
        ],
        (CheckKind::Staff, "ready") => [
            ("The bot may make topics in the staff group.", ""),
            ("Бот может создавать темы в группе сотрудников.", ""),
        ],
        (CheckKind::Staff, "not_there") => [
            (
                "The bot is not in the staff group.",
                "Add it to the group as an administrator.",
            ),
            (
                "Бота нет в группе сотрудников.",
                "Добавьте его в группу администратором.",
            ),
        ],
        (CheckKind::Staff, "no_topics") => [
            (
                "The staff group has no topics: all conversations stand in one chat.",
                "Switch topics on in the group's settings.",
            ),
            (
                "В группе сотрудников нет тем: все разговоры идут в одном чате.",
                "Включите темы в настройках группы.",
            ),
        ],
        (CheckKind::Staff, "no_right") => [
            (
                "The bot may not make topics in the staff group.",
                "Make it an administrator who manages topics.",
            ),
            (
                "Бот не может создавать темы в группе сотрудников.",
                "Сделайте его администратором с правом управлять темами.",
            ),
        ],
        (CheckKind::Outbox, "arrived") => [
            ("Everything arrived; {0} on the way.", ""),
            ("Всё доставлено; в пути: {0}.", ""),
        ],
        (CheckKind::Outbox, _) => [
            (
                "On the way: {0}. May not have arrived: {1}. Did not arrive: {2}.",
                "Those conversations say why.",
            ),
            (
                "В пути: {0}. Могло не дойти: {1}. Не дошло: {2}.",
                "Причина указана в этих разговорах.",
            ),
        ],
        _ => [
            ("This could not be looked at.", ""),
            ("Это не удалось проверить.", ""),
        ],
    }
}
