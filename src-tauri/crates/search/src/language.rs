//! The language a text is written in, with care for texts of three words: most messages are that short.

use std::ops::RangeInclusive;

use domain::language::Language;
use whatlang::{Detector, Lang};

use crate::words::is_english_function_word;

/// Fewer letters than this say nothing, unless one of the words does.
const ENOUGH_LETTERS: usize = 10;
/// From this many letters on, trigrams are trusted over the alphabet.
const MANY_LETTERS: usize = 60;
/// From this many on, they are trusted for a text without any letter that English lacks.
const MANY_ASCII_LETTERS: usize = 200;
/// Letters of a text that are looked at; more would not change the result.
const LOOKED_AT: usize = 4_000;
/// Surer than this, and trigrams are trusted for a text in plain ASCII letters as well.
const SURE: f64 = 0.9;

/// A language as a number for a column of the index; 0 for one that is not known.
pub fn number_of(language: Language) -> u64 {
    language
        .code()
        .bytes()
        .fold(0, |number, byte| number << 8 | u64::from(byte))
}

const CYRILLIC: RangeInclusive<char> = '\u{400}'..='\u{52F}';

/// The languages told apart: those whatlang knows that have a two-letter code and are met in business.
const LANGUAGES: &[(Lang, &str)] = &[
    (Lang::Eng, "en"),
    (Lang::Rus, "ru"),
    (Lang::Ukr, "uk"),
    (Lang::Bel, "be"),
    (Lang::Bul, "bg"),
    (Lang::Srp, "sr"),
    (Lang::Mkd, "mk"),
    (Lang::Deu, "de"),
    (Lang::Fra, "fr"),
    (Lang::Spa, "es"),
    (Lang::Ita, "it"),
    (Lang::Por, "pt"),
    (Lang::Nld, "nl"),
    (Lang::Pol, "pl"),
    (Lang::Ces, "cs"),
    (Lang::Slk, "sk"),
    (Lang::Tur, "tr"),
    (Lang::Swe, "sv"),
    (Lang::Dan, "da"),
    (Lang::Nob, "no"),
    (Lang::Fin, "fi"),
    (Lang::Hun, "hu"),
    (Lang::Ron, "ro"),
    (Lang::Ell, "el"),
    (Lang::Heb, "he"),
    (Lang::Ara, "ar"),
    (Lang::Pes, "fa"),
    (Lang::Hin, "hi"),
    (Lang::Tha, "th"),
    (Lang::Vie, "vi"),
    (Lang::Ind, "id"),
    (Lang::Cmn, "zh"),
    (Lang::Jpn, "ja"),
    (Lang::Kor, "ko"),
    (Lang::Kat, "ka"),
    (Lang::Hye, "hy"),
    (Lang::Aze, "az"),
    (Lang::Uzb, "uz"),
];

/// The language of most of the text; [`Language::UNKNOWN`] where it is too short to tell.
///
/// Cyrillic is Russian unless its letters or a longer text say otherwise; a short text in ASCII letters is
/// English once it is longer than a name. Digits, marks and codes count for nothing.
pub fn language(text: &str) -> Language {
    let mut cyrillic = 0;
    let mut latin = 0;
    let mut other = 0;
    let mut only_ascii = true;
    for c in text.chars().filter(|c| c.is_alphabetic()).take(LOOKED_AT) {
        match c {
            c if CYRILLIC.contains(&c) => cyrillic += 1,
            c if (c as u32) < 0x250 => {
                latin += 1;
                only_ascii &= c.is_ascii();
            }
            _ => other += 1,
        }
    }
    let letters = cyrillic + latin + other;
    if letters == 0 {
        return Language::UNKNOWN;
    }
    if other * 2 > letters {
        return detected(text).map_or(Language::UNKNOWN, |(language, _)| language);
    }
    // Brands, models and addresses in Latin letters stand in Russian sentences all the time.
    if cyrillic * 3 >= letters {
        return cyrillic_language(text, cyrillic);
    }
    latin_language(text, latin, only_ascii)
}

fn cyrillic_language(text: &str, letters: usize) -> Language {
    let has = |letters: &str| text.chars().any(|c| letters.contains(c));
    if has("іїєґІЇЄҐ") && !has("ыэёъЫЭЁЪ") {
        return code("uk");
    }
    if has("ўЎ") && has("іІ") {
        return code("be");
    }
    if has("әғқңөұүһӘҒҚҢӨҰҮҺ") {
        return code("kk");
    }
    if has("ђћџљњјЂЋЏЉЊЈ") {
        return code("sr");
    }
    if has("ыэёЫЭЁ") || letters < MANY_LETTERS {
        return Language::RU;
    }
    match detected(text) {
        Some((language, confidence)) if confidence > SURE => language,
        _ => Language::RU,
    }
}

fn latin_language(text: &str, letters: usize, only_ascii: bool) -> Language {
    if letters < MANY_LETTERS
        && text
            .split(|c: char| !c.is_alphabetic())
            .any(is_english_function_word)
    {
        return Language::EN;
    }
    if letters < ENOUGH_LETTERS {
        return Language::UNKNOWN;
    }
    match detected(text) {
        Some((language, _)) if letters >= MANY_ASCII_LETTERS || !only_ascii => language,
        Some((language, confidence)) if confidence > SURE => language,
        Some((Language::EN, _)) => Language::EN,
        // Rows of a price list are no sentences: a wrong language would hide them, none does no harm.
        _ if only_ascii && letters >= MANY_LETTERS => Language::UNKNOWN,
        _ if only_ascii => Language::EN,
        _ => Language::UNKNOWN,
    }
}

fn detected(text: &str) -> Option<(Language, f64)> {
    let start: String = text.chars().take(LOOKED_AT).collect();
    let known = LANGUAGES.iter().map(|(lang, _)| *lang).collect();
    let info = Detector::with_allowlist(known).detect(&start)?;
    let (_, letters) = LANGUAGES.iter().find(|(lang, _)| *lang == info.lang())?;
    Some((code(letters), info.confidence()))
}

fn code(letters: &str) -> Language {
    Language::try_from(letters.to_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(language(text).code(), expected, "{text}");
    }

    #[test]
    fn short_questions_are_recognised() {
        check("Сколько стоит доставка?", "ru");
        check("цена", "ru");
        check("iPhone 15 Pro Max сколько", "ru");
        check("How much is it?", "en");
        check("what time do you open", "en");
        check("return policy", "en");
        check("Скільки коштує доставка?", "uk");
    }

    #[test]
    fn a_text_that_says_nothing_has_no_language() {
        check("", "");
        check("AB-1234", "");
        check("12 000 ₽", "");
        check("👍", "");
    }

    #[test]
    fn rows_of_a_price_list_are_not_taken_for_another_language() {
        for rows in [
            "Service: Chain replacement; Price: 55 EUR\nService: Brake adjustment; Price: 15 EUR",
            "Item: Front lamp; Price: 12 EUR\nItem: Rear rack; Price: 40 EUR\nItem: Bell; Price: 6 EUR",
        ] {
            assert!(["", "en"].contains(&language(rows).code()), "{rows}");
        }
    }

    #[test]
    fn longer_texts_in_other_languages_are_recognised() {
        check(
            "Die Lieferung dauert in der Regel zwei bis drei Werktage, sofern nichts anderes angegeben ist.",
            "de",
        );
        check(
            "La livraison est gratuite pour toute commande supérieure à cinquante euros en France.",
            "fr",
        );
        check(
            "Доставката е безплатна за всички поръчки над петдесет лева в рамките на страната.",
            "bg",
        );
    }
}
