//! Rows of cells -> table blocks, with the header found out where the format does not say it.

use domain::document::ReadNote;

use crate::blocks::Builder;
use crate::limits;

/// Where a table's header is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Header {
    /// The format says that so many first rows are the header.
    Rows(usize),
    /// To be guessed from the cells.
    FindOut,
}

/// Adds a table. Rows may differ in length; empty rows and empty columns at the right are left out.
pub(crate) fn add(
    builder: &mut Builder,
    name: Option<&str>,
    mut rows: Vec<Vec<String>>,
    header: Header,
) {
    let header_rows = match header {
        Header::Rows(count) => count.min(rows.len()),
        Header::FindOut => {
            rows.retain(|row| row.iter().any(|cell| !cell.trim().is_empty()));
            usize::from(first_row_is_header(&rows))
        }
    };
    let width = rows.iter().map(|row| filled(row)).max().unwrap_or(0);
    if width > limits::COLUMNS {
        builder.note(ReadNote::CutAtLimit);
    }
    let width = width.min(limits::COLUMNS);
    let body = rows.split_off(header_rows);
    let mut names = vec![String::new(); if rows.is_empty() { 0 } else { width }];
    for row in &rows {
        for (name, cell) in names.iter_mut().zip(row) {
            let cell = builder.clean_line(cell);
            // Two header rows: a name above and a name below; a merged one stands in both.
            if !cell.is_empty() && *name != cell {
                *name = if name.is_empty() {
                    cell
                } else {
                    format!("{name} {cell}")
                };
            }
        }
    }
    if body.iter().all(|row| filled(row) == 0) {
        // A header without rows is a row, or its words would be lost.
        builder.row(name, &[], &names, 1);
        return;
    }
    let mut number = 0;
    for mut row in body {
        if builder.is_full() {
            return;
        }
        if filled(&row) == 0 {
            continue;
        }
        row.resize(width, String::new());
        number += 1;
        builder.row(name, &names, &row, number);
    }
}

/// A first row of names over rows of something: all filled, no two alike, none of them a number or a date.
pub(crate) fn first_row_is_header(rows: &[Vec<String>]) -> bool {
    let [first, rest @ ..] = rows else {
        return false;
    };
    let width = rows.iter().map(|row| filled(row)).max().unwrap_or(0);
    let names: Vec<&str> = first
        .iter()
        .map(|cell| cell.trim())
        .filter(|cell| !cell.is_empty())
        .collect();
    if rest.is_empty() || names.is_empty() || width < 2 {
        return false;
    }
    // One column may lack a name (often the first, over the names of the rows).
    let mostly_named = names.len() >= 2 && names.len() + 1 >= width;
    let alike = (1..names.len()).any(|at| names[..at].contains(&names[at]));
    let is_name = |cell: &&str| cell.chars().count() <= 80 && !is_value(cell);
    mostly_named && !alike && names.iter().all(is_name)
}

/// A number, price, percentage, date or time: has digits and hardly any letters.
pub(crate) fn is_value(cell: &str) -> bool {
    let digits = cell.chars().filter(char::is_ascii_digit).count();
    let letters = cell
        .chars()
        .filter(|character| character.is_alphabetic())
        .count();
    digits > 0 && letters <= 3 && letters <= digits
}

fn filled(row: &[String]) -> usize {
    row.iter()
        .rposition(|cell| !cell.trim().is_empty())
        .map_or(0, |last| last + 1)
}

#[cfg(test)]
mod tests {
    use super::first_row_is_header;

    fn check(rows: &[&[&str]], expected: bool) {
        let rows: Vec<Vec<String>> = rows
            .iter()
            .map(|row| row.iter().map(|cell| (*cell).to_owned()).collect())
            .collect();
        assert_eq!(first_row_is_header(&rows), expected, "{rows:?}");
    }

    #[test]
    fn names_over_values_are_a_header() {
        check(&[&["Name", "Price"], &["Tea", "120 ₽"]], true);
        check(&[&["", "Mon", "Tue"], &["Open", "9:00", "10:00"]], true);
    }

    #[test]
    fn values_repeated_names_and_lone_rows_are_not() {
        check(&[&["Tea", "120"], &["Coffee", "150"]], false);
        check(&[&["a", "a"], &["1", "2"]], false);
        check(&[&["Name", "Price"]], false);
        check(&[&["Price list", "", ""], &["Tea", "120", "x"]], false);
    }
}
