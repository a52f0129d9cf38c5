//! Words as the index knows them: lowercased, ё as е, stemmed by their alphabet, codes and numbers kept whole.
//!
//! One rule for texts and for questions, so that they meet. Not here: what a word weighs (`round`).

use std::borrow::Cow;
use std::ops::Range;

use domain::language::Language;
use domain::words::{only_asks, says_nothing};
use unicode_normalization::UnicodeNormalization;

use crate::stems::Stems;

/// Characters of the longest word that is indexed; what is longer is cut (base64, hashes).
const LONGEST: usize = 40;
/// Parts of the longest code that is also indexed in one piece (`AB-12/34-56`).
const MOST_PARTS: usize = 6;

/// Words that only an English text has.
const ENGLISH_ONLY: &[&str] = &[
    "the", "is", "are", "what", "how", "where", "when", "why", "who", "which", "you", "your", "my",
    "does", "can", "and", "of", "with", "have", "much", "many", "there", "this", "that", "please",
    "hello", "thanks",
];

/// The words of a text, lowercased, ё as е, stemmed, without those that say nothing; in order, repeated as
/// they stand. Codes and numbers come in parts and in one piece (`AB-1234`: `ab`, `1234`, `ab1234`;
/// `12 000`: `12000`). A text of nothing but empty words keeps them.
///
/// Cyrillic words get the Russian stemmer, Latin ones that of the language given, else the English one.
pub fn terms(text: &str, language: Language) -> Vec<String> {
    let stems = Stems::of(language).unwrap_or_else(Stems::common);
    telling_words(text)
        .iter()
        .map(|word| stems.stem(word))
        .collect()
}

/// The words of a text without those that say nothing, unless there are no others.
pub fn telling_words(text: &str) -> Vec<Word> {
    let all = words(text);
    let telling: Vec<Word> = all
        .iter()
        .filter(|word| !says_nothing(&word.text))
        .cloned()
        .collect();
    if telling.is_empty() { all } else { telling }
}

/// Whether it is one of the words that only an English text has, in any case.
pub fn is_english_function_word(word: &str) -> bool {
    ENGLISH_ONLY
        .iter()
        .any(|known| known.eq_ignore_ascii_case(word))
}

/// One word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Lowercased, ё as е, marks removed.
    pub text: String,
    /// Its number in the text; a code in one piece has the number of its first part.
    pub position: usize,
    /// True when it has a digit: such a word is never stemmed.
    pub exact: bool,
    /// True when it begins with a capital letter and not the text: most likely a name.
    pub is_name: bool,
}

impl Word {
    /// True for letters and digits together: a code, an error, a model. Another one is another thing.
    pub fn is_code(&self) -> bool {
        self.exact && self.text.contains(char::is_alphabetic)
    }

    /// True for words with which people ask, whatever it is they ask about (`cost`, `стоит`), and for bare
    /// numbers: they help to find, and their absence says little.
    pub fn is_asking(&self) -> bool {
        only_asks(&self.text) || self.exact && !self.is_code()
    }
}

/// The words of a text, before stemming.
pub fn words(text: &str) -> Vec<Word> {
    let text = composed(text);
    let parts = parts(&text);
    let mut found = Vec::with_capacity(parts.len());
    let mut at = 0;
    while at < parts.len() {
        let taken = take_thousands(&text, &parts[at..], at, &mut found)
            .unwrap_or_else(|| take_compound(&text, &parts[at..], at, &mut found));
        at += taken;
    }
    found
}

/// Decomposed letters (file names and PDFs of some systems write й as и and a mark) put together, other
/// marks removed: a stress mark must not hide a word.
fn composed(text: &str) -> Cow<'_, str> {
    let is_mark = |c: char| matches!(c, '\u{300}'..='\u{36F}' | '\u{AD}' | '\u{200B}'..='\u{200D}' | '\u{FEFF}');
    if !text.contains(is_mark) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.nfc().filter(|c| !is_mark(*c)).collect())
}

/// Runs of letters and digits; signs of scripts written without spaces stand alone.
fn parts(text: &str) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices() {
        let is_alone = matches!(c as u32, 0x0E00..=0x0EFF | 0x3040..=0x30FF | 0x3400..=0x9FFF | 0xF900..=0xFAFF);
        let is_inside = (c.is_alphanumeric() || is_apostrophe(c) && start.is_some()) && !is_alone;
        if is_inside {
            start.get_or_insert(at);
            continue;
        }
        if let Some(start) = start.take() {
            parts.push(start..at);
        }
        if is_alone {
            parts.push(at..at + c.len_utf8());
        }
    }
    if let Some(start) = start {
        parts.push(start..text.len());
    }
    parts
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’')
}

/// `12 000`, `1,250,000`, `12.000`: one number. Returns how many parts it took.
fn take_thousands(
    text: &str,
    parts: &[Range<usize>],
    position: usize,
    found: &mut Vec<Word>,
) -> Option<usize> {
    let is_digits = |part: &Range<usize>| text[part.clone()].bytes().all(|b| b.is_ascii_digit());
    let first = parts.first()?;
    if first.len() > 3 || !is_digits(first) {
        return None;
    }
    let separator = between(text, parts, 0)?;
    if !matches!(
        separator,
        ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | ',' | '.'
    ) {
        return None;
    }
    let mut taken = 1;
    while taken < parts.len()
        && between(text, parts, taken - 1) == Some(separator)
        && parts[taken].len() == 3
        && is_digits(&parts[taken])
    {
        taken += 1;
    }
    let is_number = taken > 1 && !(text[first.clone()].starts_with('0'));
    if !is_number {
        return None;
    }
    let number: String = parts[..taken]
        .iter()
        .map(|part| &text[part.clone()])
        .collect();
    push(found, number, position);
    Some(taken)
}

/// A word, or a code of several parts: the parts, and the code in one piece. Returns how many it took.
fn take_compound(
    text: &str,
    parts: &[Range<usize>],
    position: usize,
    found: &mut Vec<Word>,
) -> usize {
    let mut taken = 1;
    while taken < parts.len().min(MOST_PARTS)
        && between(text, parts, taken - 1).is_some_and(|c| {
            matches!(
                c,
                '-' | '\u{2010}' | '\u{2011}' | '–' | '.' | ',' | '/' | '_'
            )
        })
    {
        let comma = between(text, parts, taken - 1) == Some(',');
        let is_decimal = comma
            && ends_in_digit(&text[parts[taken - 1].clone()])
            && starts_with_digit(&text[parts[taken].clone()]);
        if comma && !is_decimal {
            break;
        }
        taken += 1;
    }
    let mut whole = String::new();
    for (n, part) in parts[..taken].iter().enumerate() {
        let text = &text[part.clone()];
        // The dot keeps 1.2.3 apart from 123.
        if ends_in_digit(&whole) && starts_with_digit(text) {
            whole.push('.');
        }
        whole.push_str(text);
        push(found, text.to_owned(), position + n);
    }
    if taken > 1 && whole.chars().count() <= LONGEST {
        push(found, whole, position);
    }
    taken
}

fn starts_with_digit(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}

fn ends_in_digit(text: &str) -> bool {
    text.ends_with(|c: char| c.is_ascii_digit())
}

/// The one character between a part and the next.
fn between(text: &str, parts: &[Range<usize>], part: usize) -> Option<char> {
    let next = parts.get(part + 1)?;
    let mut chars = text[parts[part].end..next.start].chars();
    let first = chars.next()?;
    chars.next().is_none().then_some(first)
}

fn push(found: &mut Vec<Word>, text: String, position: usize) {
    let is_name = position > 0 && text.starts_with(char::is_uppercase);
    let text: String = text
        .chars()
        .filter(|c| !is_apostrophe(*c))
        .flat_map(char::to_lowercase)
        .map(|c| if c == 'ё' { 'е' } else { c })
        .take(LONGEST)
        .collect();
    if !text.is_empty() {
        let exact = text.contains(|c: char| c.is_numeric());
        found.push(Word {
            text,
            position,
            exact,
            is_name,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        assert_eq!(terms(text, Language::UNKNOWN), expected, "{text}");
    }

    #[test]
    fn forms_of_a_word_have_one_stem() {
        check(
            "Доставка доставки доставкой",
            &["доставк", "доставк", "доставк"],
        );
        check("returns returned", &["return", "return"]);
        check("Ёлка елка", &["елк", "елк"]);
    }

    #[test]
    fn decomposed_letters_and_stress_marks_do_not_hide_a_word() {
        check("чаи\u{306} за\u{301}мок", &["ча", "замок"]);
        check("чай", &["ча"]);
    }

    #[test]
    fn codes_are_found_in_parts_and_in_one_piece() {
        check("AB-1234", &["ab", "1234", "ab1234"]);
        check("v1.2.3", &["v1", "2", "3", "v1.2.3"]);
        check("Wi-Fi", &["wi", "fi", "wifi"]);
        check("1,5 кг", &["1", "5", "1.5", "кг"]);
    }

    #[test]
    fn a_number_in_groups_is_one_number() {
        for text in ["12 000", "12\u{a0}000", "12,000", "12.000", "12000"] {
            check(text, &["12000"]);
        }
        check("1 250 000 руб.", &["1250000", "руб"]);
        check("2024 100", &["2024", "100"]);
    }

    #[test]
    fn words_that_say_nothing_are_left_out_unless_there_are_no_others() {
        check("What is the price?", &["price"]);
        check("Сколько стоит у вас доставка?", &["сто", "доставк"]);
        check("how much is it", &["how", "much", "is", "it"]);
    }

    #[test]
    fn an_apostrophe_does_not_cut_a_word() {
        check("don't user's", &["dont", "user"]);
    }

    #[test]
    fn scripts_without_spaces_are_found_by_sign() {
        check("配送", &["配", "送"]);
    }

    #[test]
    fn a_word_without_end_is_cut() {
        assert_eq!(terms(&"x".repeat(1000), Language::EN)[0].len(), LONGEST);
    }
}
