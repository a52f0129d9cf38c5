//! Does a customer ask for a person? By rules, without a model, in English and Russian.
//!
//! A message is cut into clauses, and each is read for itself. What counts is a verb of asking with the person it
//! asks for, with nothing of weight between them and nothing after them that makes another thing of the person
//! (`operator manual`, `оператор погрузчика`); or a person alone (`оператора, пожалуйста`); or somebody asked to
//! answer, call, help; or a bot that nobody wants. A denial before it turns it into the opposite. A question about
//! people is not a wish for one. When in doubt it is none: the assistant answers, and can be asked again.
//!
//! Not here: what is done with the wish (`handoff`), and better recognition with a model.

mod clause;
mod there;
mod words;

use crate::wants_person::clause::Clause;
use crate::wants_person::words::{JOINED, Kind, corrected, is};

/// Most words of a message that are looked at: who wants a person says so sooner.
const MAX_WORDS: usize = 400;
/// A person alone is a wish only in a message of so few words: else it is an item of a list.
const SHORT: usize = 14;

/// Whether a message asks for a person, with the words that say so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    /// It does.
    Person(String),
    /// It asks not to be given to one.
    NotNow(String),
    /// It speaks of something else.
    None,
}

/// Whether `message` asks for a person. The plainest wish of several counts: one for a person before one against.
pub fn wish(message: &str) -> Wish {
    let clauses = clauses(message);
    let words: usize = clauses.iter().map(|clause| clause.words.len()).sum();
    let mut against = Wish::None;
    for clause in &clauses {
        match clause.wish(words <= SHORT) {
            Wish::Person(words) => return Wish::Person(words),
            found @ Wish::NotNow(_) if against == Wish::None => against = found,
            Wish::NotNow(_) | Wish::None => {}
        }
    }
    against
}

/// A message in clauses of plain words.
fn clauses(message: &str) -> Vec<Clause> {
    let lower = message
        .to_lowercase()
        .replace('ё', "е")
        .replace(['\'', '’', '`'], "");
    let mut clauses = Vec::new();
    let mut words = 0;
    let sentences = lower.split_inclusive(['.', '!', '?', '\n', '…']);
    for sentence in sentences {
        let spaced = sentence.replace(" - ", ",");
        let parts = spaced.split([',', ';', ':', '—', '–', '(', ')', '"', '«', '»']);
        let mut found: Vec<Vec<String>> =
            parts.map(plain).filter(|part| !part.is_empty()).collect();
        let weighty = found
            .iter()
            .filter(|part| part.iter().any(|word| !is(Kind::Light, word)))
            .count();
        let is_part_of_question = sentence.trim_end().ends_with('?') && weighty > 1;
        for part in found.drain(..) {
            words += part.len();
            if words > MAX_WORDS {
                return clauses;
            }
            clauses.push(Clause {
                words: part,
                is_part_of_question,
            });
        }
    }
    clauses
}

/// The words of a clause, corrected, and joined where several are one.
fn plain(text: &str) -> Vec<String> {
    let words = text
        .split(|c: char| !(c.is_alphanumeric() || c == '-'))
        .map(|word| word.trim_matches('-'))
        .filter(|word| !word.is_empty());
    let mut joined = words.map(corrected).collect::<Vec<_>>().join(" ");
    for (several, one) in JOINED {
        joined = format!(" {joined} ")
            .replace(&format!(" {several} "), &format!(" {one} "))
            .trim()
            .to_owned();
    }
    joined.split_whitespace().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_that_say_so_are_told() {
        assert_eq!(
            wish("Hello! My bike is broken, could you connect me with a real person please?"),
            Wish::Person("connect me with a real person".to_owned())
        );
        assert_eq!(
            wish("Не надо звать менеджера"),
            Wish::NotNow("звать менеджера".to_owned())
        );
        assert_eq!(wish("Where is the operator manual?"), Wish::None);
        assert_eq!(wish(""), Wish::None);
    }

    #[test]
    fn a_list_of_people_in_a_long_text_is_no_wish() {
        let text = "Our price list: one day in the tent, two days in the tent, and the extra services as they \
            are ordered: operator, manager, consultant.";
        assert_eq!(wish(text), Wish::None);
    }
}
