//! From text with `[n]` marks to citations: marks of passages that were not given are dropped, and each
//! other one gets the sentence of its passage that says what the answer says.

use domain::sentence;

use crate::ask::{Ask, Given};
use crate::draft::{Draft, DraftCitation};
use crate::numbers;
use crate::prompt::NOT_IN_DOCUMENTS;
use crate::words;

/// Takes an answer piece by piece and lets through what may be shown.
pub(crate) struct Filter {
    given: Vec<u32>,
    /// Held back: the beginning until it is clear whether it says "not in the documents", or a mark that
    /// is not closed yet.
    held: String,
    text: String,
    began: bool,
}

/// An answer as far as it is written, with the citations of its marks.
pub(crate) fn cited(written: &str, ask: &Ask) -> Draft {
    let mut filter = Filter::new(ask);
    filter.push(written);
    filter.finish();
    filter.draft(ask)
}

impl Filter {
    pub(crate) fn new(ask: &Ask) -> Filter {
        Filter {
            given: ask.passages.iter().map(|given| given.number).collect(),
            held: String::new(),
            text: String::new(),
            began: false,
        }
    }

    /// What may be shown now.
    pub(crate) fn push(&mut self, piece: &str) -> String {
        self.held.push_str(piece);
        if !self.began {
            let begun = self.held.trim_start();
            let may_be_refusal =
                NOT_IN_DOCUMENTS.starts_with(begun) || begun.starts_with(NOT_IN_DOCUMENTS);
            if may_be_refusal {
                return String::new();
            }
            self.held = begun.to_owned();
            self.began = true;
        }
        let open = self.held.rfind('[').filter(|at| {
            let mark = &self.held[at + 1..];
            mark.len() < 16 && mark.chars().all(is_of_mark)
        });
        let whole = open.unwrap_or(self.held.len());
        let ready: String = self.held.drain(..whole).collect();
        self.show(&ready)
    }

    /// What may be shown at the end.
    pub(crate) fn finish(&mut self) -> String {
        let rest = std::mem::take(&mut self.held);
        if rest.trim_start().starts_with(NOT_IN_DOCUMENTS) && !self.began {
            return String::new();
        }
        self.show(&rest)
    }

    /// The finished draft.
    pub(crate) fn draft(self, ask: &Ask) -> Draft {
        let refused = self.text.contains(NOT_IN_DOCUMENTS) || self.text.trim().is_empty();
        if refused {
            return Draft::default();
        }
        let text = without_invented(&self.text, ask);
        let mut citations: Vec<DraftCitation> = Vec::new();
        let mut sentence_start = 0;
        for (at, number) in marks(&text) {
            let statement = &text[sentence_start..at];
            let begins = statement
                .rfind(['.', '!', '?', '\n'])
                .filter(|end| end + 1 < statement.trim_end().len());
            let statement = &statement[begins.map_or(0, |begins| begins + 1)..];
            if statement.contains(char::is_alphabetic) {
                sentence_start = at;
            }
            let given = ask.passages.iter().find(|given| given.number == number);
            let Some(given) =
                given.filter(|_| !citations.iter().any(|known| known.number == number))
            else {
                continue;
            };
            if let Some(quote) = best_sentence(given, statement) {
                citations.push(DraftCitation { number, quote });
            }
        }
        Draft {
            text,
            citations,
            answered: true,
            ..Draft::default()
        }
    }

    fn show(&mut self, ready: &str) -> String {
        let mut shown = String::with_capacity(ready.len());
        let mut rest = ready;
        while let Some((start, end, numbers)) = next_mark(rest) {
            shown.push_str(&rest[..start]);
            for number in numbers.iter().filter(|number| self.given.contains(number)) {
                shown.push_str(&format!("[{number}]"));
            }
            rest = &rest[end..];
        }
        shown.push_str(rest);
        self.text.push_str(&shown);
        shown
    }
}

/// The text without the sentences that say a number which neither the passages nor the question say: a real mark
/// beside an invented price proves nothing. The marks behind such a sentence go with it.
fn without_invented(text: &str, ask: &Ask) -> String {
    let mut kept = String::with_capacity(text.len());
    let (mut at, mut is_left_out) = (0, false);
    for range in sentence::sentences(text) {
        let between = &text[at..range.start];
        at = range.end;
        let said = without_marks(&text[range.clone()]);
        // Marks right behind a sentence belong to it.
        if said.contains(char::is_alphanumeric) {
            is_left_out = !numbers::are_known(without_ordinal(&said), &ask.passages, &ask.question);
        }
        if !is_left_out {
            kept.push_str(between);
            kept.push_str(&text[range]);
        }
    }
    kept.push_str(&text[at..]);
    kept.trim().to_owned()
}

fn without_marks(text: &str) -> String {
    let mut bare = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((start, end, _)) = next_mark(rest) {
        bare.push_str(&rest[..start]);
        rest = &rest[end..];
    }
    bare.push_str(rest);
    bare
}

/// A line of a list without the `2.` or `2)` that it begins with.
fn without_ordinal(line: &str) -> &str {
    let line = line.trim_start();
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_ordinal = line.len() - rest.len() <= 2 && rest.len() < line.len();
    match rest.strip_prefix(['.', ')']) {
        Some(after) if is_ordinal && (after.is_empty() || after.starts_with(' ')) => after,
        _ => line,
    }
}

fn is_of_mark(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, ',' | ' ' | ';')
}

/// The next `[1]` or `[1, 2]`: where it begins and ends, and its numbers.
pub(crate) fn next_mark(text: &str) -> Option<(usize, usize, Vec<u32>)> {
    for (start, _) in text.match_indices('[') {
        let length = text[start..].find(']')?;
        let inside = &text[start + 1..start + length];
        let is_mark =
            inside.chars().all(is_of_mark) && inside.contains(|c: char| c.is_ascii_digit());
        if is_mark && inside.len() < 16 {
            let numbers = inside
                .split([',', ';', ' '])
                .filter_map(|part| part.parse().ok());
            return Some((start, start + length + 1, numbers.collect()));
        }
    }
    None
}

fn marks(text: &str) -> Vec<(usize, u32)> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some((start, end, numbers)) = next_mark(&text[from..]) {
        found.extend(numbers.into_iter().map(|number| (from + start, number)));
        from += end;
    }
    found
}

/// The sentence (or the row) of the passage that has most of the statement's words, verbatim.
pub(crate) fn best_sentence(given: &Given, statement: &str) -> Option<String> {
    let wanted = words::terms(statement);
    let ranges = match given.table {
        true => given.text.lines().map(str::trim).collect::<Vec<_>>(),
        false => {
            let ranges = sentence::sentences(&given.text).into_iter();
            ranges.map(|range| given.text[range].trim()).collect()
        }
    };
    let score = |text: &str| {
        let words = words::terms(text);
        let found = wanted
            .iter()
            .filter(|term| words.iter().any(|word| words::akin(word, term)));
        found.count() * 1_000 / (words.len() + 8)
    };
    let mut best: Option<(usize, &str)> = None;
    for text in ranges.into_iter().filter(|text| !text.is_empty()) {
        let score = score(text);
        if best.is_none_or(|(known, _)| score > known) {
            best = Some((score, text));
        }
    }
    best.map(|(_, text)| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(written: &str) -> (String, Vec<u32>) {
        let given = Given {
            number: 1,
            title: "Wheels".to_owned(),
            text: "A wheel costs 89 euros. Fitting takes 2 days.".to_owned(),
            ..Given::default()
        };
        let ask = Ask {
            question: "How much are 4 wheels?".to_owned(),
            passages: vec![given],
            ..Ask::default()
        };
        let draft = cited(written, &ask);
        assert!(draft.answered);
        let numbers = draft.citations.iter().map(|cited| cited.number);
        (draft.text, numbers.collect())
    }

    #[test]
    fn a_sentence_with_an_invented_number_is_left_out_with_its_mark() {
        let (text, cited) =
            told("A wheel costs 89 euros [1]. With the tyre it costs 999 euros. [1]");
        assert_eq!(
            (text.as_str(), cited),
            ("A wheel costs 89 euros [1].", vec![1])
        );
        let (text, cited) = told("It is 999 euros [1].");
        assert_eq!((text.as_str(), cited.len()), ("", 0));
    }

    #[test]
    fn lines_of_a_list_and_the_numbers_of_the_question_may_be_said() {
        let list = "For 4 wheels:\n\n1. A wheel costs 89 euros. [1]\n2. Fitting takes 2 days. [1]";
        assert_eq!(told(list).0, list);
    }
}
