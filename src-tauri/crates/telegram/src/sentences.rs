//! Every sentence that a bot says by itself, in English and Russian (English where the language is another).
//!
//! Plain words without markup. Not here: answers, and what the owner's rules say ([`domain::handoff::rules`]).

use domain::language::Language;

/// Something that a bot says by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Say {
    /// To a first `/start`, where the owner has written no greeting: the assistant's name.
    Hello(String),
    /// To `/help`.
    Help,
    /// To `/language`.
    ChooseLanguage,
    /// A language was chosen.
    LanguageChosen,
    /// To `/stop`.
    Ended,
    /// To a command that is not known.
    UnknownCommand,
    /// A person was asked for.
    PersonAsked,
    /// A file is larger than what can be fetched: its name (may be empty).
    FileTooBig(String),
    /// A file that cannot be fetched (any more): its name (may be empty).
    FileLost(String),
    /// A file came without words: operators see it, the assistant cannot read it.
    FileWithoutWords,
    /// Words spoken, where nothing can hear them.
    VoiceNotHeard,
    /// A kind of message that nothing can be made of.
    Unsupported,
    /// What was written could not be read; a person looks at it.
    SeenByPerson,
    /// An old message is answered (R10): stands before the answer, once.
    SorryForDelay,
    /// There is too much to do at this moment.
    Busy,
    /// A deep link that has ended or is none of ours.
    LinkEnded,
    /// Thanks for a thumb up.
    ThanksGood,
    /// Thanks for a thumb down.
    ThanksBad,
    /// A button whose time is over.
    PressTooOld,
    /// A button that was pressed before.
    PressedBefore,
    /// A button that is another's to press.
    NotYours,
    /// There is no proof to show.
    NoSources,
    /// What stands above a proof.
    SourcesHeader,
    /// Button: show the proof.
    SourcesButton,
    /// Button: ask for a person.
    PersonButton,
    /// Button: send the draft.
    SendButton,
    /// Button: write another answer than the draft.
    EditButton,
    /// Button: take over.
    TakeButton,
    /// Button: hand back.
    HandBackButton,
    /// Button: close.
    CloseButton,
    /// Button: ban.
    BanButton,
    /// To operators: a customer's words follow; their name.
    RelayHeader(String),
    /// To operators: the assistant's words follow.
    AssistantHeader,
    /// To the customer: an operator's words follow; their name.
    OperatorHeader(String),
    /// To operators: a draft follows.
    DraftHeader,
    /// To operators: somebody asks for a person; the customer's name and the reason (may be empty).
    Wanted {
        /// The customer.
        who: String,
        /// Why, in words; empty when not known.
        why: String,
    },
    /// To operators: this one has the conversation.
    TakenBy(String),
    /// To operators: another was faster.
    AlreadyTaken(String),
    /// To operators: the assistant has it again.
    HandedBack,
    /// To operators: it is closed.
    Closed,
    /// To operators: the customer is banned.
    Banned,
    /// To operators: the draft was sent.
    DraftSent,
    /// To operators: type the answer now.
    TypeAnswer,
    /// To operators: the note was kept, the customer does not see it.
    NoteKept,
    /// To operators: the customer blocked the bot.
    CustomerBlocked,
    /// To operators: the customer let the bot back in.
    CustomerBack,
    /// To operators: this could not be passed on.
    NotPassedOn,
    /// To operators: Telegram may have shown it twice.
    MayBeTwice,
    /// To operators: only administrators of the group may do that.
    AdminsOnly,
    /// To operators: a message that could not be read whole.
    UnreadableHeader(String),
    /// To operators: 24 hours are over, so the customer cannot be written to.
    BusinessTooLate,
    /// To operators: the customer changed what they wrote.
    EditedHeader,
    /// To operators: so many files or messages were left out.
    LeftOut(usize),
}

impl Say {
    /// The words in a language.
    pub fn told(&self, language: Language) -> String {
        let (english, russian) = self.both();
        if language == Language::RU {
            russian
        } else {
            english
        }
    }

    /// English and Russian.
    fn both(&self) -> (String, String) {
        let fixed = match self {
            Say::Hello(name) if name.is_empty() => (
                "Hello! Ask me anything; I answer from our own documents.",
                "Здравствуйте! Спрашивайте: я отвечаю по нашим документам.",
            ),
            Say::Hello(name) => {
                return (
                    format!(
                        "Hello! I am {name}. Ask me anything; I answer from our own documents."
                    ),
                    format!("Здравствуйте! Я {name}. Спрашивайте: я отвечаю по нашим документам."),
                );
            }
            Say::Help => (
                "Just write your question. The button under an answer shows where it comes from. /human asks for a person, /language changes the language, /stop ends the conversation.",
                "Просто напишите вопрос. Кнопка под ответом показывает, откуда он взят. /human — позвать человека, /language — сменить язык, /stop — закончить разговор.",
            ),
            Say::ChooseLanguage => (
                "Which language do you prefer?",
                "На каком языке вам удобнее?",
            ),
            Say::LanguageChosen => ("I will answer in English.", "Буду отвечать по-русски."),
            Say::Ended => (
                "The conversation is over. Write at any time to begin a new one.",
                "Разговор закончен. Напишите в любое время, чтобы начать новый.",
            ),
            Say::UnknownCommand => (
                "I do not know this command. Just write your question, or see /help.",
                "Я не знаю такой команды. Просто напишите вопрос или посмотрите /help.",
            ),
            Say::PersonAsked => (
                "I have asked a colleague to answer you. You can go on writing here.",
                "Я позвал коллегу, он вам ответит. Можно продолжать писать сюда.",
            ),
            Say::FileTooBig(name) => {
                return (
                    format!(
                        "I cannot take {}: Telegram lets bots receive files of up to 20 MB. Please send a smaller one, several parts, or a link to it.",
                        named(name, "“", "”", "this file")
                    ),
                    format!(
                        "Не могу принять {}: Telegram пропускает ботам файлы до 20 МБ. Пришлите, пожалуйста, файл поменьше, по частям или ссылку на него.",
                        named(name, "«", "»", "этот файл")
                    ),
                );
            }
            Say::FileLost(name) => {
                return (
                    format!(
                        "I could not get {} from Telegram. Please send it once more.",
                        named(name, "“", "”", "the file")
                    ),
                    format!(
                        "Не получилось забрать {} из Telegram. Пришлите, пожалуйста, ещё раз.",
                        named(name, "«", "»", "файл")
                    ),
                );
            }
            Say::FileWithoutWords => (
                "Thank you, I have it. What would you like to know? Please write it in a few words.",
                "Спасибо, файл у меня. Что вы хотели узнать? Напишите, пожалуйста, в двух словах.",
            ),
            Say::VoiceNotHeard => (
                "I cannot listen to voice messages yet. Please write your question, or use /human to ask for a person.",
                "Я пока не умею слушать голосовые сообщения. Напишите, пожалуйста, вопрос текстом или позовите человека: /human.",
            ),
            Say::Unsupported => (
                "I cannot do anything with this kind of message. Please write your question in words.",
                "С таким сообщением я ничего не могу сделать. Напишите, пожалуйста, вопрос словами.",
            ),
            Say::SeenByPerson => (
                "I could not read this message, so a colleague will look at it.",
                "Я не смог прочитать это сообщение, его посмотрит коллега.",
            ),
            Say::SorryForDelay => ("Sorry for the delay.", "Извините за задержку."),
            Say::Busy => (
                "There are many questions at the moment; I will answer as soon as I can.",
                "Сейчас много вопросов; отвечу, как только смогу.",
            ),
            Say::LinkEnded => (
                "This link is no longer valid, but you can ask your question right here.",
                "Эта ссылка больше не действует, но вопрос можно задать прямо здесь.",
            ),
            Say::ThanksGood => ("Thank you!", "Спасибо!"),
            Say::ThanksBad => (
                "Thank you, we will look into it.",
                "Спасибо, мы разберёмся.",
            ),
            Say::PressTooOld => (
                "This button no longer works.",
                "Эта кнопка больше не работает.",
            ),
            Say::PressedBefore => ("Done already.", "Уже сделано."),
            Say::NotYours => ("This button is not for you.", "Эта кнопка не для вас."),
            Say::NoSources => (
                "There is no document behind this message.",
                "За этим сообщением нет документа.",
            ),
            Say::SourcesHeader => ("Where this comes from:", "Откуда это взято:"),
            Say::SourcesButton => ("📄 Sources", "📄 Источники"),
            Say::PersonButton => ("👤 Ask for a person", "👤 Позвать человека"),
            Say::SendButton => ("✅ Send", "✅ Отправить"),
            Say::EditButton => ("✏️ Edit", "✏️ Изменить"),
            Say::TakeButton => ("🙋 Take over", "🙋 Взять"),
            Say::HandBackButton => ("🤖 Hand back", "🤖 Вернуть помощнику"),
            Say::CloseButton => ("☑️ Close", "☑️ Закрыть"),
            Say::BanButton => ("⛔ Ban", "⛔ Заблокировать"),
            Say::RelayHeader(name) => {
                return (format!("👤 {name}:"), format!("👤 {name}:"));
            }
            Say::AssistantHeader => ("🤖 Assistant:", "🤖 Помощник:"),
            Say::OperatorHeader(name) => {
                return (format!("{name}:"), format!("{name}:"));
            }
            Say::DraftHeader => (
                "📝 Draft. The customer has not seen it:",
                "📝 Черновик. Клиент его не видел:",
            ),
            Say::Wanted { who, why } if why.is_empty() => {
                return (
                    format!("🔔 {who} needs a person."),
                    format!("🔔 {who}: нужен человек."),
                );
            }
            Say::Wanted { who, why } => {
                return (
                    format!("🔔 {who} needs a person: {why}"),
                    format!("🔔 {who}: нужен человек. {why}"),
                );
            }
            Say::TakenBy(name) => {
                return (
                    format!("🙋 {name} answers; the assistant is silent."),
                    format!("🙋 Отвечает {name}; помощник молчит."),
                );
            }
            Say::AlreadyTaken(name) => {
                return (
                    format!("{name} answers already."),
                    format!("Уже отвечает {name}."),
                );
            }
            Say::HandedBack => (
                "🤖 The assistant answers again.",
                "🤖 Снова отвечает помощник.",
            ),
            Say::Closed => ("☑️ The conversation is closed.", "☑️ Разговор закрыт."),
            Say::Banned => (
                "⛔ The customer is banned: nothing they write is passed on.",
                "⛔ Клиент заблокирован: его сообщения не передаются.",
            ),
            Say::DraftSent => ("✅ Sent.", "✅ Отправлено."),
            Say::TypeAnswer => (
                "Write the answer here; it goes to the customer. Lines that begin with // stay among you.",
                "Напишите ответ здесь, он уйдёт клиенту. Строки, которые начинаются с //, останутся между вами.",
            ),
            Say::NoteKept => (
                "The note is kept; the customer does not see it.",
                "Заметка сохранена; клиент её не видит.",
            ),
            Say::CustomerBlocked => (
                "🚫 The customer has blocked the bot: nothing can be sent until they let it back in.",
                "🚫 Клиент заблокировал бота: пока он его не вернёт, отправить ничего нельзя.",
            ),
            Say::CustomerBack => (
                "The customer has let the bot back in.",
                "Клиент снова разрешил боту писать.",
            ),
            Say::NotPassedOn => (
                "⚠️ This was not passed on to the customer.",
                "⚠️ Это не передано клиенту.",
            ),
            Say::MayBeTwice => (
                "The connection broke off: the customer may see this message twice.",
                "Связь оборвалась: возможно, клиент увидит это сообщение дважды.",
            ),
            Say::AdminsOnly => (
                "Only administrators of this group may do that.",
                "Это могут только администраторы группы.",
            ),
            Say::UnreadableHeader(name) => {
                return (
                    format!("⚠️ {name} sent something that I could not read whole:"),
                    format!("⚠️ {name}: сообщение, которое не удалось прочитать целиком:"),
                );
            }
            Say::BusinessTooLate => (
                "The customer's last message is older than 24 hours: Telegram lets no bot write there. Please answer from your own account.",
                "Последнее сообщение клиента старше 24 часов: Telegram не даёт ботам туда писать. Ответьте, пожалуйста, со своего аккаунта.",
            ),
            Say::EditedHeader => (
                "✏️ Changed by the customer:",
                "✏️ Клиент изменил сообщение:",
            ),
            Say::LeftOut(count) => {
                return (
                    format!("Not shown: {count} more."),
                    format!("Не показано ещё: {count}."),
                );
            }
        };
        (fixed.0.to_owned(), fixed.1.to_owned())
    }
}

/// A name in its marks, or what stands for it.
fn named(name: &str, open: &str, close: &str, otherwise: &str) -> String {
    if name.is_empty() {
        return otherwise.to_owned();
    }
    format!("{open}{name}{close}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_sentence_has_its_own_words_in_both_languages() {
        let texts = [
            Say::Help,
            Say::ChooseLanguage,
            Say::LanguageChosen,
            Say::Ended,
            Say::UnknownCommand,
            Say::PersonAsked,
            Say::FileTooBig(String::new()),
            Say::FileTooBig("план.pdf".to_owned()),
            Say::FileLost(String::new()),
            Say::FileWithoutWords,
            Say::VoiceNotHeard,
            Say::Unsupported,
            Say::SeenByPerson,
            Say::SorryForDelay,
            Say::Busy,
            Say::LinkEnded,
            Say::DraftHeader,
            Say::TakenBy("Ann".to_owned()),
            Say::Closed,
            Say::Banned,
            Say::BusinessTooLate,
        ];
        for say in texts {
            let (english, russian) = (say.told(Language::EN), say.told(Language::RU));
            assert_ne!(english, russian);
            let is_cyrillic = |c: char| ('а'..='я').contains(&c);
            assert!(russian.contains(is_cyrillic), "{russian}");
            assert!(
                !english.replace("план", "").contains(is_cyrillic),
                "{english}"
            );
        }
    }

    #[test]
    fn other_languages_are_told_in_english() {
        let german = Language::try_from("de".to_owned()).unwrap();
        assert_eq!(Say::Ended.told(german), Say::Ended.told(Language::EN));
    }

    #[test]
    fn answers_to_a_press_fit_telegrams_200() {
        for say in [
            Say::PressTooOld,
            Say::PressedBefore,
            Say::NotYours,
            Say::ThanksBad,
            Say::AdminsOnly,
            Say::TypeAnswer,
        ] {
            for language in [Language::EN, Language::RU] {
                assert!(say.told(language).encode_utf16().count() <= 200);
            }
        }
    }
}
