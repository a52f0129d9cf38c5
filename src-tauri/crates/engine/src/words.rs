//! Words as they are compared: lowercase, `ё` as `е`, stemmed; and which words say nothing by themselves.

use rust_stemmers::{Algorithm, Stemmer};
use unicode_segmentation::UnicodeSegmentation;

/// The stemmed words of `text` that carry meaning, in order.
pub(crate) fn terms(text: &str) -> Vec<String> {
    let stemmers = Stemmers::default();
    text.unicode_words()
        .flat_map(|word| word.split(['-', '\'', '’', '/']))
        .filter_map(|word| stemmers.term(word))
        .collect()
}

/// True when two stems are forms of one word: the same, or one grown from the other's root
/// (`доставк` and `доставля`, `deliv` and `deliveri`).
pub(crate) fn akin(one: &str, other: &str) -> bool {
    if one == other {
        return true;
    }
    if one.starts_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let mut common = 0;
    for (a, b) in one.chars().zip(other.chars()) {
        if a != b {
            break;
        }
        common += 1;
    }
    let rests = [one, other].map(|word| word.chars().count() - common);
    let (shorter, longer) = (rests[0].min(rests[1]), rests[0].max(rests[1]));
    common >= 4 && shorter <= 1 && longer <= 3
}

struct Stemmers {
    english: Stemmer,
    russian: Stemmer,
}

impl Default for Stemmers {
    fn default() -> Self {
        Stemmers {
            english: Stemmer::create(Algorithm::English),
            russian: Stemmer::create(Algorithm::Russian),
        }
    }
}

impl Stemmers {
    fn term(&self, word: &str) -> Option<String> {
        let lower = word.to_lowercase().replace('ё', "е");
        if lower.is_empty() || says_nothing(&lower) {
            return None;
        }
        let is_cyrillic = lower.chars().any(|c| ('а'..='я').contains(&c));
        let stemmer = if is_cyrillic {
            &self.russian
        } else {
            &self.english
        };
        Some(stemmer.stem(&lower).into_owned())
    }
}

fn says_nothing(word: &str) -> bool {
    let is_one_letter = word.chars().count() == 1 && word.chars().all(char::is_alphabetic);
    is_one_letter || EMPTY_WORDS.contains(&word)
}

/// Words of English and Russian that every text has, and words with which people only begin to ask.
const EMPTY_WORDS: &[&str] = &[
    "a",
    "about",
    "an",
    "and",
    "any",
    "are",
    "as",
    "at",
    "be",
    "been",
    "but",
    "by",
    "can",
    "could",
    "did",
    "do",
    "does",
    "for",
    "from",
    "had",
    "has",
    "have",
    "hello",
    "hey",
    "hi",
    "how",
    "if",
    "in",
    "into",
    "is",
    "it",
    "its",
    "just",
    "know",
    "many",
    "may",
    "me",
    "much",
    "my",
    "no",
    "not",
    "of",
    "on",
    "or",
    "our",
    "out",
    "please",
    "shall",
    "should",
    "so",
    "some",
    "such",
    "tell",
    "than",
    "that",
    "the",
    "their",
    "them",
    "then",
    "there",
    "these",
    "they",
    "this",
    "those",
    "to",
    "us",
    "want",
    "was",
    "we",
    "were",
    "what",
    "when",
    "where",
    "which",
    "who",
    "whom",
    "whose",
    "why",
    "will",
    "with",
    "would",
    "you",
    "your",
    "ll",
    "re",
    "ve",
    "isn",
    "don",
    "doesn",
    "didn",
    "won",
    "need",
    "am",
    "long",
    "also",
    "get",
    "got",
    // Russian
    "а",
    "без",
    "бы",
    "был",
    "была",
    "были",
    "было",
    "быть",
    "в",
    "вам",
    "вами",
    "вас",
    "ваш",
    "ваша",
    "ваше",
    "ваши",
    "вашей",
    "вашем",
    "вашего",
    "во",
    "вот",
    "все",
    "всех",
    "вы",
    "где",
    "да",
    "для",
    "до",
    "его",
    "ее",
    "если",
    "есть",
    "еще",
    "же",
    "за",
    "здравствуйте",
    "и",
    "из",
    "или",
    "им",
    "их",
    "к",
    "как",
    "какая",
    "какие",
    "какой",
    "каких",
    "какую",
    "какое",
    "каким",
    "кем",
    "ко",
    "когда",
    "кого",
    "кто",
    "куда",
    "ли",
    "мне",
    "можно",
    "могу",
    "может",
    "можете",
    "мой",
    "мои",
    "моя",
    "моего",
    "мы",
    "на",
    "над",
    "надо",
    "нам",
    "нас",
    "наш",
    "наша",
    "наши",
    "не",
    "ней",
    "нет",
    "ни",
    "них",
    "но",
    "ну",
    "нужно",
    "о",
    "об",
    "он",
    "она",
    "они",
    "оно",
    "от",
    "откуда",
    "по",
    "под",
    "пожалуйста",
    "подскажите",
    "почему",
    "привет",
    "при",
    "про",
    "с",
    "сколько",
    "скажите",
    "со",
    "так",
    "также",
    "там",
    "те",
    "тем",
    "то",
    "того",
    "тоже",
    "той",
    "том",
    "ты",
    "у",
    "уже",
    "хочу",
    "чего",
    "чем",
    "что",
    "чтобы",
    "эта",
    "эти",
    "это",
    "этого",
    "этой",
    "этом",
    "этот",
    "я",
    "ещё",
    "меня",
    "вообще",
    "ваших",
    "вашу",
    "долго",
    "лет",
    "буду",
    "будет",
    "будут",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_word_are_one_term() {
        assert_eq!(terms("The deliveries, please"), terms("delivery"));
        assert_eq!(terms("Ещё доставку"), terms("доставка"));
        assert_eq!(terms("How much is it?"), Vec::<String>::new());
    }

    #[test]
    fn words_of_one_root_are_akin_and_numbers_never_are() {
        let akin_words = |one: &str, other: &str| akin(&terms(one)[0], &terms(other)[0]);
        assert!(akin_words("доставка", "доставляем"));
        assert!(akin_words("delivery", "deliver"));
        assert!(!akin_words("return", "retail"));
        assert!(!akin_words("12345", "12346"));
    }
}
