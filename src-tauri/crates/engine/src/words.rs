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
    is_one_letter || domain::words::says_nothing(word) || ONLY_BEGIN.contains(&word)
}

/// Words with which people only begin to ask: what a sentence says of them decides nothing.
const ONLY_BEGIN: &[&str] = &[
    "also",
    "know",
    "long",
    "need",
    "no",
    "not",
    "out",
    "want",
    "будет",
    "будут",
    "вообще",
    "долго",
    "лет",
    "могу",
    "может",
    "можете",
    "можно",
    "надо",
    "нужно",
    "хочу",
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
