//! A row of a table as a person would write it: `Kazan: price 450 ₽, time 3 days`.
//!
//! The quote that proves it stays verbatim (`Town: Kazan; Price: 450 ₽; Time: 3 days`). No number is changed or
//! cut; of a wide row, what was not asked for may be left out.

use domain::language::Language;

use super::cues::{self, Cue};
use crate::words;

/// Rows of more cells than these beside their subject are shortened to what is asked for.
const WIDE: usize = 4;
/// Characters of the longest unit that stands in the name of a column.
const LONGEST_UNIT: usize = 5;

/// A cell: the name of its column, when it has one, and its value.
pub(crate) struct Cell<'a> {
    pub(crate) name: Option<&'a str>,
    pub(crate) value: &'a str,
}

/// The row `Column: cell; Column: cell` as a sentence without its full stop.
pub(super) fn sentence(row: &str, question: &str, language: Language) -> String {
    let cells = cells(row);
    // What the row is about: the first cell of words. Codes and numbers before it come after.
    let Some(subject) = cells.iter().position(|cell| is_words(cell.value)) else {
        return row.to_owned();
    };
    let rest: Vec<&Cell<'_>> = cells
        .iter()
        .enumerate()
        .filter(|(at, _)| *at != subject)
        .map(|(_, cell)| cell)
        .collect();
    let rest = match rest.len() > WIDE {
        true => asked_for(rest, question),
        false => rest,
    };
    let told: Vec<String> = rest.iter().map(|cell| cell.told(language)).collect();
    match told.is_empty() {
        true => cells[subject].value.to_owned(),
        false => format!("{}: {}", cells[subject].value, told.join(", ")),
    }
}

/// Its cells, in order.
pub(crate) fn cells(row: &str) -> Vec<Cell<'_>> {
    let cell = |text| match str::split_once(text, ": ") {
        Some((name, value)) if !value.trim().is_empty() => Cell {
            name: Some(name.trim()),
            value: value.trim(),
        },
        _ => Cell {
            name: None,
            value: text.trim(),
        },
    };
    row.split("; ").map(cell).collect()
}

/// At least three letters, more than digits, and not all of them capitals: that would be a code.
fn is_words(value: &str) -> bool {
    let letters = value.chars().filter(|c| c.is_alphabetic()).count();
    let digits = value.chars().filter(char::is_ascii_digit).count();
    let is_code = value
        .chars()
        .all(|c| !c.is_alphabetic() || c.is_uppercase());
    letters >= 3 && letters > digits && !is_code
}

/// The cells that hold the kind of thing the question asks for, or whose column it names; all when there is none.
fn asked_for<'a, 'b>(cells: Vec<&'a Cell<'b>>, question: &str) -> Vec<&'a Cell<'b>> {
    let holds = |cell: &Cell<'_>, cue: Cue| cues::holds(&cell.text(), cue);
    // A question of one kind can be read as one of a wider kind too: the first that is there counts.
    let cue = cues::wanted(question)
        .into_iter()
        .find(|cue| cells.iter().any(|cell| holds(cell, *cue)));
    let terms = words::terms(question);
    let is_named = |cell: &Cell<'_>| {
        let words = words::terms(cell.name.unwrap_or_default());
        words
            .iter()
            .any(|word| terms.iter().any(|term| words::akin(term, word)))
    };
    let is_asked = |cell: &&&Cell<'_>| cue.is_some_and(|cue| holds(cell, cue)) || is_named(cell);
    let asked: Vec<&Cell<'_>> = cells.iter().filter(is_asked).copied().collect();
    if asked.is_empty() { cells } else { asked }
}

impl Cell<'_> {
    fn text(&self) -> String {
        match self.name {
            Some(name) => format!("{name}: {}", self.value),
            None => self.value.to_owned(),
        }
    }

    fn told(&self, language: Language) -> String {
        let Some(name) = self.name else {
            return self.value.to_owned();
        };
        match with_unit(name) {
            Some((name, unit)) if self.value.ends_with(|c: char| c.is_ascii_digit()) => {
                format!("{} {} {unit}", in_a_sentence(name, language), self.value)
            }
            _ => format!("{} {}", in_a_sentence(name, language), self.value),
        }
    }
}

/// The unit that a column's name gives: `Price, EUR`, `Вес (кг)`.
fn with_unit(name: &str) -> Option<(&str, &str)> {
    let (name, unit) = match name.strip_suffix(')') {
        Some(open) => open.rsplit_once(" (")?,
        None => name.rsplit_once(", ")?,
    };
    let is_unit = !unit.is_empty() && unit.chars().count() <= LONGEST_UNIT && !unit.contains(' ');
    is_unit.then_some((name, unit))
}

/// A column's name inside a sentence: in small letters where the language writes nouns so, abbreviations as
/// they are.
fn in_a_sentence(name: &str, language: Language) -> String {
    let is_written_small = language == Language::EN || language == Language::RU;
    let mut letters = name.chars();
    let first = letters.next();
    let second_is_small = letters
        .clone()
        .next()
        .is_some_and(|second| !second.is_uppercase() && !second.is_numeric());
    match first {
        Some(first) if is_written_small && second_is_small => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_begins_with_what_it_is_about() {
        assert_eq!(
            sentence("Город: Казань; Цена: 450 ₽; Срок: 3 дня", "", Language::RU),
            "Казань: цена 450 ₽, срок 3 дня"
        );
        assert_eq!(
            sentence(
                "SKU: AB-12; Item: Front lamp; Price: $1,299.50; VAT: 20 %",
                "",
                Language::EN
            ),
            "Front lamp: SKU AB-12, price $1,299.50, VAT 20 %"
        );
    }

    #[test]
    fn a_unit_in_the_name_of_a_column_goes_behind_the_number() {
        assert_eq!(
            sentence(
                "Code: PIN-S2; Item: Scooter S2; Price, EUR: 649; Weight (kg): 14.5",
                "",
                Language::EN
            ),
            "Scooter S2: code PIN-S2, price 649 EUR, weight 14.5 kg"
        );
    }

    #[test]
    fn a_wide_row_tells_what_is_asked_for() {
        let row = "Item: Front lamp; SKU: AB-12; Colour: black; Weight: 90 g; Stock: 14; Price: 12 €; Country: Italy";
        assert_eq!(
            sentence(row, "How much does the front lamp cost?", Language::EN),
            "Front lamp: price 12 €"
        );
        assert_eq!(
            sentence(row, "What colour is the lamp?", Language::EN),
            "Front lamp: colour black"
        );
    }

    #[test]
    fn rows_without_names_or_words_are_left_as_they_are() {
        assert_eq!(sentence("12; 14", "", Language::EN), "12; 14");
        assert_eq!(
            sentence("Monday; 9:00–18:00", "", Language::EN),
            "Monday: 9:00–18:00"
        );
        assert_eq!(
            sentence("Note: free of charge", "", Language::EN),
            "free of charge"
        );
    }
}
