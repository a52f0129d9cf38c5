//! Greetings, thanks, yes, no and emoji: answered by rule in the customer's language, never refused.
//!
//! A message is small talk only when nothing else is in it: `Hello, how much is delivery?` is a question.

use domain::language::Language;
use domain::qa::normalised;

/// What kind of small talk a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SmallTalk {
    Greeting,
    Thanks,
    Goodbye,
    Yes,
    No,
    Emoji,
    WhoAreYou,
}

impl SmallTalk {
    /// The rule's name in a trace.
    pub(crate) fn name(self) -> &'static str {
        match self {
            SmallTalk::Greeting => "greeting",
            SmallTalk::Thanks => "thanks",
            SmallTalk::Goodbye => "goodbye",
            SmallTalk::Yes => "yes",
            SmallTalk::No => "no",
            SmallTalk::Emoji => "emoji",
            SmallTalk::WhoAreYou => "who_are_you",
        }
    }

    /// What is said back; English where the language is not Russian.
    pub(crate) fn reply(self, language: Language) -> &'static str {
        let (english, russian) = match self {
            SmallTalk::Greeting => (
                "Hello. What would you like to know?",
                "Здравствуйте. Что вы хотите узнать?",
            ),
            SmallTalk::Thanks => (
                "You are welcome. Write again any time.",
                "Пожалуйста. Пишите, если появятся вопросы.",
            ),
            SmallTalk::Goodbye => (
                "Goodbye. Write again any time.",
                "До свидания. Пишите в любое время.",
            ),
            SmallTalk::Yes => (
                "Good. What else would you like to know?",
                "Хорошо. Что ещё вы хотите узнать?",
            ),
            SmallTalk::No => (
                "All right. Write if you need anything.",
                "Хорошо. Напишите, если что-то понадобится.",
            ),
            SmallTalk::Emoji => (
                "🙂 What would you like to know?",
                "🙂 Что вы хотите узнать?",
            ),
            SmallTalk::WhoAreYou => (
                "I answer questions from this business's own documents and show where each answer stands.",
                "Я отвечаю на вопросы по документам этой компании и показываю, где это написано.",
            ),
        };
        if language == Language::RU {
            russian
        } else {
            english
        }
    }
}

// The strongest meaning first: `no thanks, bye` is a goodbye, `yes, thank you` is thanks.
const PHRASES: &[(SmallTalk, &[&str])] = &[
    (
        SmallTalk::WhoAreYou,
        &[
            "who are you",
            "what are you",
            "what can you do",
            "are you a bot",
            "кто ты",
            "кто вы",
            "что ты умеешь",
            "что вы умеете",
            "ты бот",
            "вы бот",
        ],
    ),
    (
        SmallTalk::Goodbye,
        &[
            "goodbye",
            "good bye",
            "bye",
            "bye bye",
            "see you",
            "see you later",
            "good night",
            "до свидания",
            "до встречи",
            "пока",
            "всего доброго",
            "всего хорошего",
            "доброй ночи",
            "спокойной ночи",
            "хорошего дня",
            "have a nice day",
            "have a good day",
        ],
    ),
    (
        SmallTalk::Thanks,
        &[
            "thanks",
            "thank you",
            "thx",
            "ty",
            "cheers",
            "many thanks",
            "much appreciated",
            "great thanks",
            "спасибо",
            "спс",
            "благодарю",
            "пасиб",
            "спасибочки",
            "признателен",
            "признательна",
        ],
    ),
    (
        SmallTalk::Greeting,
        &[
            "hello",
            "hi",
            "hey",
            "hiya",
            "good morning",
            "good afternoon",
            "good evening",
            "good day",
            "greetings",
            "start",
            "привет",
            "приветик",
            "здравствуйте",
            "здравствуй",
            "здрасьте",
            "здрасте",
            "добрый день",
            "доброе утро",
            "добрый вечер",
            "доброго дня",
            "доброго времени суток",
            "хай",
            "как дела",
            "how are you",
        ],
    ),
    (
        SmallTalk::No,
        &[
            "no",
            "nope",
            "nah",
            "not now",
            "нет",
            "неа",
            "не надо",
            "не нужно",
            "не сейчас",
        ],
    ),
    (
        SmallTalk::Yes,
        &[
            "yes",
            "yep",
            "yeah",
            "yup",
            "ok",
            "okay",
            "k",
            "sure",
            "of course",
            "got it",
            "i see",
            "understood",
            "great",
            "perfect",
            "cool",
            "nice",
            "good",
            "fine",
            "all right",
            "alright",
            "clear",
            "да",
            "ага",
            "угу",
            "ок",
            "окей",
            "хорошо",
            "ладно",
            "понятно",
            "понял",
            "поняла",
            "ясно",
            "отлично",
            "супер",
            "класс",
            "конечно",
            "прекрасно",
            "замечательно",
            "договорились",
            "sounds good",
            "that is great",
            "that is good",
            "that is fine",
            "that is perfect",
        ],
    ),
];

const FILLERS: &[&str] = &[
    "very",
    "much",
    "so",
    "a",
    "lot",
    "there",
    "you",
    "for",
    "your",
    "help",
    "the",
    "all",
    "everyone",
    "please",
    "очень",
    "большое",
    "огромное",
    "вам",
    "тебе",
    "за",
    "помощь",
    "ответ",
    "всем",
    "всё",
    "все",
    "вас",
    "и",
    "ну",
    "and",
];

/// The kind of small talk `message` is, when it is nothing else.
pub(crate) fn small_talk(message: &str) -> Option<SmallTalk> {
    let plain = normalised(message);
    if plain.is_empty() {
        let has_mark = message
            .chars()
            .any(|c| !c.is_whitespace() && !c.is_ascii_punctuation());
        return has_mark.then_some(SmallTalk::Emoji);
    }
    let words: Vec<&str> = plain.split(' ').collect();
    if words.len() > 8 {
        return None;
    }
    let mut strongest: Option<usize> = None;
    let mut at = 0;
    while at < words.len() {
        match longest_phrase(&words[at..]) {
            Some((rank, length)) => {
                strongest = Some(strongest.map_or(rank, |found| found.min(rank)));
                at += length;
            }
            None if FILLERS.contains(&words[at]) => at += 1,
            None => return None,
        }
    }
    strongest.map(|rank| PHRASES[rank].0)
}

/// The rank of the phrase that takes the most words from the start of `words`, and how many.
fn longest_phrase(words: &[&str]) -> Option<(usize, usize)> {
    let mut best: Option<(usize, usize)> = None;
    for (rank, (_, phrases)) in PHRASES.iter().enumerate() {
        for phrase in *phrases {
            let length = phrase.split(' ').count();
            let fits =
                words.len() >= length && phrase.split(' ').eq(words[..length].iter().copied());
            if fits && best.is_none_or(|(_, found)| length > found) {
                best = Some((rank, length));
            }
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn greetings_thanks_and_emoji_are_small_talk_in_both_languages() {
        let cases = [
            ("Hello!", SmallTalk::Greeting),
            ("Добрый день)", SmallTalk::Greeting),
            ("/start", SmallTalk::Greeting),
            ("Thank you very much for your help", SmallTalk::Thanks),
            ("Спасибо большое!!!", SmallTalk::Thanks),
            ("да, спасибо", SmallTalk::Thanks),
            ("ок", SmallTalk::Yes),
            ("Yes", SmallTalk::Yes),
            ("Нет", SmallTalk::No),
            ("no thanks, bye", SmallTalk::Goodbye),
            ("👍👍", SmallTalk::Emoji),
            ("Кто ты?", SmallTalk::WhoAreYou),
        ];
        for (message, kind) in cases {
            assert_eq!(small_talk(message), Some(kind), "{message}");
        }
    }

    #[test]
    fn a_question_with_a_greeting_in_it_is_a_question() {
        for message in [
            "Hello, how much is delivery?",
            "Здравствуйте, сколько стоит доставка",
            "Is it good?",
            "no refund?",
            "Хорошо ли держит батарея",
            "???",
            "",
            "42",
        ] {
            assert_eq!(small_talk(message), None, "{message}");
        }
    }

    #[test]
    fn every_kind_is_answered_in_the_customers_language() {
        assert_eq!(
            SmallTalk::Thanks.reply(Language::RU),
            "Пожалуйста. Пишите, если появятся вопросы."
        );
        assert_eq!(
            SmallTalk::Thanks.reply(Language::UNKNOWN),
            "You are welcome. Write again any time."
        );
    }
}
