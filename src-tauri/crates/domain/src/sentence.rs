//! Where sentences begin and end: for cutting long texts, for quoting, for scoring sentences.
//!
//! Pure and for any language written with `.`, `!`, `?`, `…` or their full-width forms; the abbreviations
//! known are English and Russian. When in doubt two sentences stay together: a quote that is too long is
//! a smaller harm than half a sentence. Not here: what a passage is (room `search`).

use std::ops::Range;

/// A line at least this long (in characters) that goes on in lowercase was wrapped by a program.
const WRAPPED_LINE: usize = 40;

/// Shortened words after which a name, a word or a number follows: they never end a sentence.
const NEVER_LAST: &[&str] = &[
    "adj",
    "adm",
    "apt",
    "ave",
    "bldg",
    "blvd",
    "capt",
    "cf",
    "col",
    "dept",
    "dr",
    "e.g",
    "eg",
    "est",
    "ext",
    "gen",
    "gov",
    "hon",
    "i.e",
    "ie",
    "lt",
    "maj",
    "messrs",
    "mr",
    "mrs",
    "ms",
    "mt",
    "prof",
    "rev",
    "sen",
    "sgt",
    "st",
    "tel",
    "viz",
    "vs", // English
    "акад",
    "вкл",
    "гос",
    "гр",
    "д-р",
    "доп",
    "доц",
    "ед",
    "зав",
    "зам",
    "изд",
    "им",
    "инж",
    "исп",
    "кв",
    "корп",
    "макс",
    "мин",
    "напр",
    "обл",
    "оф",
    "пгт",
    "пер",
    "пл",
    "пом",
    "пос",
    "пр",
    "пр-т",
    "проф",
    "прим",
    "просп",
    "р-н",
    "респ",
    "руков",
    "св",
    "см",
    "ср",
    "стр",
    "т.е",
    "т.ж",
    "т.к",
    "т.н",
    "т.о",
    "тел",
    "ул",
    "ш",
    "эл", // Russian
];

/// Shortened words that stand before a number: they end a sentence only when none follows.
const BEFORE_NUMBER: &[&str] = &[
    "art", "ch", "fig", "figs", "no", "nos", "nr", "p", "para", "pp", "sec", "vol", // English
    "гл", "д", "п", "пп", "рис", "с", "ст", "табл", "ч", "эт", // Russian
];

/// Shortened words that often stand last: a capital letter after them begins the next sentence.
const OFTEN_LAST: &[&str] = &[
    "a.m", "approx", "co", "corp", "etc", "inc", "jr", "ltd", "max", "p.m", "sr", // English
    "в", "вв", "гг", "гр", "дн", "долл", "др", "кг", "км", "коп", "млн", "млрд", "пр", "р", "руб",
    "сек", "т.д", "т.п", "тыс", "ч", "чел", "шт", "экз", // Russian
];

/// The sentences of a text as byte ranges, in order, without the white space around them.
///
/// Abbreviations (`т.д.`, `e.g.`), decimals, initials, prices (`руб.`) and the numbers of lists are not
/// cut. A line feed ends a sentence unless the line was wrapped. Together the ranges cover everything
/// but white space; a text without letters is still one sentence.
///
/// ```
/// use domain::sentence::sentences;
/// let text = "Доставка стоит 300 руб. 50 коп. Ждать 2 дня.";
/// let found: Vec<&str> = sentences(text).into_iter().map(|range| &text[range]).collect();
/// assert_eq!(found, ["Доставка стоит 300 руб. 50 коп.", "Ждать 2 дня."]);
/// ```
pub fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut line_start = 0;
    let mut skip_to = 0;
    for (at, c) in text.char_indices() {
        if at < skip_to {
            continue;
        }
        let end = match c {
            '\n' => {
                let line = &text[line_start..at];
                line_start = at + 1;
                if is_wrapped(line, &text[at + 1..]) {
                    None
                } else {
                    Some(at)
                }
            }
            '.' | '!' | '?' | '…' | '。' | '！' | '？' => {
                let end = end_of_marks(text, at);
                skip_to = end;
                ends_here(text, start, at, end).then_some(end)
            }
            _ => None,
        };
        if let Some(end) = end {
            push_trimmed(&mut found, text, start..end);
            start = end;
        }
    }
    push_trimmed(&mut found, text, start..text.len());
    found
}

/// The byte after the closing marks, quotes and brackets that begin at `at`.
fn end_of_marks(text: &str, at: usize) -> usize {
    let marks = text[at..]
        .find(|c: char| !matches!(c, '.' | '!' | '?' | '…' | '。' | '！' | '？'))
        .map_or(text.len(), |length| at + length);
    text[marks..]
        .find(|c: char| !matches!(c, '"' | '»' | '”' | '’' | '\'' | ')' | ']' | '」' | '』'))
        .map_or(text.len(), |length| marks + length)
}

/// Whether the marks at `at..end` end the sentence that began at `start`.
fn ends_here(text: &str, start: usize, at: usize, end: usize) -> bool {
    let mark = text[at..].chars().next();
    if matches!(mark, Some('。' | '！' | '？')) {
        return true;
    }
    let rest = &text[end..];
    if !rest.starts_with(char::is_whitespace) {
        return rest.is_empty();
    }
    let next = rest
        .trim_start_matches(|c: char| c.is_whitespace() || "\"«“‘'([—–-•*".contains(c))
        .chars()
        .next();
    let Some(next) = next else { return true };
    if next.is_lowercase() {
        // «Да!» — сказал он; wait... what; and every abbreviation in the middle of a sentence. A new
        // line is judged by its own rule, in `sentences`.
        return false;
    }
    let one_full_stop = &text[at..end] == ".";
    if !one_full_stop {
        return true;
    }
    let before = &text[start..at];
    let word_start = before
        .rfind(|c: char| c.is_whitespace() || "(\"«“[/,".contains(c))
        .map_or(0, |index| {
            index + before[index..].chars().next().map_or(1, char::len_utf8)
        });
    let word = &before[word_start..];
    let is_list_number = before[..word_start].trim().is_empty()
        && word
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '.' | 'i' | 'v' | 'x' | 'I' | 'V' | 'X'));
    if is_list_number && !word.is_empty() {
        return false;
    }
    !is_shortened(before, word_start, word, next)
}

/// Whether the full stop after `word` belongs to the word and not to the sentence.
fn is_shortened(before: &str, word_start: usize, word: &str, next: char) -> bool {
    let lower = word.to_lowercase();
    let after_number = before[..word_start]
        .trim_end()
        .ends_with(|c: char| c.is_ascii_digit());
    let is = |list: &[&str]| list.contains(&lower.as_str());
    // Initials: «А. С. Пушкин», «U.S. Army».
    let mut letters = word.rsplit('.').next().unwrap_or(word).chars();
    let is_initial =
        matches!((letters.next(), letters.next()), (Some(c), None) if c.is_uppercase());
    let is_pronoun = word == "I" && word_start > 0;
    if is_initial && !is_pronoun {
        return true;
    }
    // «г.»: a year's after a number, a town's before a name.
    if lower == "г" {
        return !after_number || !next.is_uppercase();
    }
    if is(OFTEN_LAST) && (after_number || !is(BEFORE_NUMBER) && !is(NEVER_LAST)) {
        return !next.is_uppercase();
    }
    if is(BEFORE_NUMBER) {
        return next.is_numeric();
    }
    if is(NEVER_LAST) {
        return true;
    }
    false
}

/// Whether a line was cut by a program at its width, so that the next one goes on with the sentence.
fn is_wrapped(line: &str, rest: &str) -> bool {
    let line = line.trim_end();
    let goes_on = rest.starts_with(char::is_lowercase);
    let is_open = !line.ends_with(['.', '!', '?', '…', ';', ':']);
    goes_on && is_open && line.chars().count() >= WRAPPED_LINE
}

fn push_trimmed(found: &mut Vec<Range<usize>>, text: &str, range: Range<usize>) {
    let piece = &text[range.clone()];
    let start = range.start + (piece.len() - piece.trim_start().len());
    let end = start + piece.trim().len();
    if start < end {
        found.push(start..end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let found: Vec<&str> = sentences(text)
            .into_iter()
            .map(|range| &text[range])
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn plain_sentences_are_cut() {
        check("One. Two! Three? Four", &["One.", "Two!", "Three?", "Four"]);
        check(
            "Раз… Два. «Три.» Четыре?!",
            &["Раз…", "Два.", "«Три.»", "Четыре?!"],
        );
        check("", &[]);
        check(" \n ", &[]);
        check("...", &["..."]);
    }

    #[test]
    fn decimals_versions_and_addresses_stay_whole() {
        check(
            "It is 3.14 wide. See v1.2.3 on shop.example.com. Done.",
            &[
                "It is 3.14 wide.",
                "See v1.2.3 on shop.example.com.",
                "Done.",
            ],
        );
    }

    #[test]
    fn abbreviations_do_not_end_a_sentence() {
        check(
            "Dr. Smith and Mr. Jones met, e.g. Monday. They left.",
            &["Dr. Smith and Mr. Jones met, e.g. Monday.", "They left."],
        );
        check(
            "Мы в г. Москва, ул. Ленина, д. 5, кв. 12. Звоните по тел. 12-34.",
            &[
                "Мы в г. Москва, ул. Ленина, д. 5, кв. 12.",
                "Звоните по тел. 12-34.",
            ],
        );
        check(
            "Чехлы, плёнки и т.д. на складе. И т. д. Всё.",
            &["Чехлы, плёнки и т.д. на складе.", "И т. д.", "Всё."],
        );
        check(
            "See No. 5 and fig. 3. Is it? No. It is not.",
            &["See No. 5 and fig. 3.", "Is it?", "No.", "It is not."],
        );
    }

    #[test]
    fn abbreviations_that_stand_last_end_it_before_a_capital() {
        check(
            "Цена 500 руб. Доставка 300 руб. 50 коп. в любой город.",
            &["Цена 500 руб.", "Доставка 300 руб. 50 коп. в любой город."],
        );
        check(
            "Основана в 1999 г. Работает до 6 p.m. Ask us, etc. Thanks.",
            &[
                "Основана в 1999 г.",
                "Работает до 6 p.m.",
                "Ask us, etc.",
                "Thanks.",
            ],
        );
        check("Чехлы и т.д. Сумки тоже.", &["Чехлы и т.д.", "Сумки тоже."]);
    }

    #[test]
    fn initials_stay_with_the_name() {
        check(
            "Писал А. С. Пушкин. Читал J. K. Rowling. So did I. Then we left.",
            &[
                "Писал А. С. Пушкин.",
                "Читал J. K. Rowling.",
                "So did I.",
                "Then we left.",
            ],
        );
        check("The U.S. Army came.", &["The U.S. Army came."]);
    }

    #[test]
    fn the_numbers_of_a_list_stay_with_their_item() {
        check(
            "1. Open the lid.\n2. Press. \n3.1. Wait.",
            &["1. Open the lid.", "2. Press.", "3.1. Wait."],
        );
        check("IV. Права. Далее.", &["IV. Права.", "Далее."]);
    }

    #[test]
    fn speech_goes_on_after_its_mark() {
        check(
            "«Да!» — сказал он. Wait... what?",
            &["«Да!» — сказал он.", "Wait... what?"],
        );
    }

    #[test]
    fn a_line_ends_a_sentence_unless_it_was_wrapped() {
        check("Часы работы\nс 9 до 18", &["Часы работы", "с 9 до 18"]);
        check(
            "This is a line that a mail program has cut\nin the middle. End.",
            &[
                "This is a line that a mail program has cut\nin the middle.",
                "End.",
            ],
        );
    }

    #[test]
    fn full_width_marks_need_no_space() {
        check("今日は。明日は！", &["今日は。", "明日は！"]);
    }

    #[test]
    fn everything_but_white_space_is_covered() {
        let text = "A.b. C?!  \u{a0}Д. «Е»\n\n. ж\t";
        let covered: String = sentences(text)
            .into_iter()
            .map(|range| text[range].replace(char::is_whitespace, ""))
            .collect();
        assert_eq!(covered, text.replace(char::is_whitespace, ""));
    }
}
