//! Whether a number comes from the right cell of a table: the row that a sentence speaks of, and the column that it,
//! or else the question, names. A price for a week stands in the same row as the price for a day.

use crate::numbers;
use crate::quotes::row::{self, Cell};
use crate::words;

/// True unless a number of `said` stands only in cells of rows or columns other than those that are named. `rows` are
/// lines `Column: cell; Column: cell`. Names of another language name nothing: then nothing is found wrong.
pub(super) fn are_right_cells(rows: &str, said: &str, question: &str) -> bool {
    let rows: Vec<Vec<Cell<'_>>> = rows.lines().map(row::cells).collect();
    let (of_said, of_question) = (words::terms(said), words::terms(question));
    // By the sentence; where it names nothing, by the question.
    let by_either = |named: &dyn Fn(&[String]) -> Vec<String>| match named(&of_said) {
        none if none.is_empty() => named(&of_question),
        some => some,
    };
    let columns = by_either(&|terms| named_columns(&rows, terms));
    let subjects = by_either(&|terms| named_subjects(&rows, terms));
    let asked = numbers::of(question);
    numbers::of(said).iter().all(|number| {
        let mut places = rows
            .iter()
            .flat_map(|row| row.iter().map(move |cell| (row, cell)))
            .filter(|(_, cell)| numbers::of(cell.value).contains(number))
            .peekable();
        // A number of the question, of a heading or of a column's name proves nothing and disproves nothing.
        let stands_elsewhere = places.peek().is_none() || asked.contains(number);
        stands_elsewhere
            || places.any(|(row, cell)| {
                let is_of = |named: &[String], name: Option<&str>| {
                    named.is_empty() || name.is_none_or(|name| named.iter().any(|one| one == name))
                };
                let subject = row.first().map(|cell| cell.value);
                let is_subject = row.first().is_some_and(|first| first.value == cell.value);
                is_of(&subjects, subject) && (is_subject || is_of(&columns, cell.name))
            })
    })
}

/// The names of columns of which a word is said that no other column has. The first column is what a row is about.
fn named_columns(rows: &[Vec<Cell<'_>>], terms: &[String]) -> Vec<String> {
    let mut names: Vec<&str> = rows
        .iter()
        .flat_map(|row| row.iter().skip(1).filter_map(|cell| cell.name))
        .collect();
    names.sort_unstable();
    names.dedup();
    of_own_words(&names, terms, |own, terms| {
        own.iter().any(|word| has(terms, word))
    })
}

/// What rows are about, of which every word is said that no other row has.
fn named_subjects(rows: &[Vec<Cell<'_>>], terms: &[String]) -> Vec<String> {
    let mut subjects: Vec<&str> = rows
        .iter()
        .filter_map(|row| Some(row.first()?.value))
        .collect();
    subjects.sort_unstable();
    subjects.dedup();
    of_own_words(&subjects, terms, |own, terms| {
        own.iter().all(|word| has(terms, word))
    })
}

/// Those of `names` whose words of their own, which none of the others has, are said.
fn of_own_words(
    names: &[&str],
    terms: &[String],
    are_said: impl Fn(&[String], &[String]) -> bool,
) -> Vec<String> {
    let all: Vec<Vec<String>> = names.iter().map(|name| words::terms(name)).collect();
    let own = |at: usize| -> Vec<String> {
        let others = || {
            all.iter()
                .enumerate()
                .filter(move |(other, _)| *other != at)
        };
        let is_own = |word: &&String| !others().any(|(_, other)| has(other, word));
        all[at].iter().filter(is_own).cloned().collect()
    };
    let named = (0..names.len()).filter(|at| {
        let own = own(*at);
        !own.is_empty() && are_said(&own, terms)
    });
    named.map(|at| names[at].to_owned()).collect()
}

fn has(terms: &[String], word: &str) -> bool {
    terms.iter().any(|term| words::akin(term, word))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RENTAL: &str = "Bike: City bike; Price per hour, €: 5; Price per day, €: 18; Price per week, €: 70\n\
                          Bike: Cargo bike; Price per hour, €: 9; Price per day, €: 35; Price per week, €: 140";

    fn is_right(said: &str) -> bool {
        are_right_cells(RENTAL, said, "How much is a city bike for a day?")
    }

    #[test]
    fn a_number_of_another_column_is_not_taken() {
        assert!(is_right("A city bike costs 18 euros a day."));
        assert!(!is_right("A city bike costs 70 euros a day."));
        assert!(
            !is_right("A city bike costs 70 euros."),
            "the question says which"
        );
        assert!(is_right("A city bike costs 70 euros a week."));
        assert!(is_right("It is 5 euros an hour and 18 a day."));
    }

    #[test]
    fn nor_is_one_of_another_row() {
        assert!(!is_right("A city bike costs 35 euros a day."));
        assert!(is_right("The cargo bike is 35 euros a day."));
        assert!(is_right("City: 18, cargo: 35 euros a day."));
    }

    #[test]
    fn what_is_said_in_other_words_is_not_judged() {
        let is_right = |said: &str, question: &str| are_right_cells(RENTAL, said, question);
        assert!(is_right(
            "Велосипед стоит 70 евро.",
            "Сколько стоит велосипед?"
        ));
        assert!(is_right(
            "The discount is 3 percent.",
            "Is there a discount?"
        ));
        assert!(is_right(
            "For 18 people we have room.",
            "Is there room for 18?"
        ));
    }
}
