//! Rows of cells -> table blocks, with the header found out where the format does not say it.

use domain::document::ReadNote;

use crate::blocks::Builder;
use crate::header::{self, Above};
use crate::limits;

/// Where a table's header is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Header {
    /// The format says that so many first rows are the header.
    Rows(usize),
    /// To be guessed from the cells.
    FindOut,
}

/// Adds a table. Rows may differ in length; empty rows and empty columns are left out.
pub(crate) fn add(
    builder: &mut Builder,
    name: Option<&str>,
    mut rows: Vec<Vec<String>>,
    header: Header,
) {
    let names = match header {
        Header::Rows(count) => count.min(rows.len()),
        Header::FindOut => {
            leave_out_empty(&mut rows);
            header::find(&rows, Above::Nothing).names
        }
    };
    add_rows(builder, name, rows, names, Lone::Row);
}

/// Adds a table that may have titles above it and names of groups between its rows, as price lists have.
/// Gives the names of its columns, when it has any, so that the rows after a gap can have them too.
pub(crate) fn add_sheet(
    builder: &mut Builder,
    name: Option<&str>,
    mut rows: Vec<Vec<String>>,
) -> Option<Vec<String>> {
    leave_out_empty(&mut rows);
    let top = header::find(&rows, Above::Titles);
    let table = rows.split_off(top.titles);
    for row in rows {
        add_title(builder, &row);
    }
    // A list begins with the name of its first group, or it has no groups: a lone cell elsewhere is an item
    // without a price.
    let first = table.get(top.names);
    let has_groups = top.names > 0
        && table.len() > top.names + 1
        && first.is_some_and(|row| header::width(row) == 1)
        && table[..top.names].iter().any(|row| header::width(row) > 2);
    let lone = if has_groups { Lone::Group } else { Lone::Row };
    add_rows(builder, name, table, top.names, lone)
}

/// What a row with one filled cell is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lone {
    Row,
    /// The name of the rows below it.
    Group,
}

fn add_rows(
    builder: &mut Builder,
    name: Option<&str>,
    mut rows: Vec<Vec<String>>,
    header_rows: usize,
    lone: Lone,
) -> Option<Vec<String>> {
    let width = rows.iter().map(|row| filled(row)).max().unwrap_or(0);
    if width > limits::COLUMNS {
        builder.note(ReadNote::CutAtLimit);
    }
    let width = width.min(limits::COLUMNS);
    let mut body = rows.split_off(header_rows);
    let mut names = header::join(&rows, width);
    for name in &mut names {
        *name = builder.clean_line(name);
    }
    if body.iter().all(|row| filled(row) == 0) {
        // A header without rows is a row, or its words would be lost.
        builder.row(name, &[], &names, 1);
        return None;
    }
    if !names.is_empty() {
        if body.first().is_some_and(|row| is_numbering(row)) {
            body.remove(0);
        }
        close_gaps(&mut names, &mut body);
    }
    let width = if names.is_empty() { width } else { names.len() };
    let mut number = 0;
    let mut groups = Groups::default();
    let mut body = body.into_iter().peekable();
    while let Some(mut row) = body.next() {
        if builder.is_full() {
            return None;
        }
        if filled(&row) == 0 {
            continue;
        }
        if lone == Lone::Group && header::width(&row) == 1 {
            let is_over_rows = body.peek().is_some();
            groups.add(builder, &row, is_over_rows);
            continue;
        }
        groups.run = 0;
        row.resize(width, String::new());
        number += 1;
        builder.row(name, &names, &row, number);
    }
    (!names.is_empty()).then_some(names)
}

/// The levels of names of groups: those that follow each other stand one in the other.
#[derive(Default)]
struct Groups {
    /// How many stand together just above.
    run: u8,
    /// How many stood together the last time.
    depth: u8,
}

impl Groups {
    fn add(&mut self, builder: &mut Builder, row: &[String], is_over_rows: bool) {
        let text = line(row);
        if !is_over_rows || header::is_value(&text) || text.chars().count() > 120 {
            builder.paragraph(&text);
            return;
        }
        self.run = (self.run + 1).min(3);
        // One name alone is a neighbour of the innermost one before it.
        let is_deeper = self.run > 1 || self.depth == 0;
        self.depth = if is_deeper { self.run } else { self.depth };
        builder.heading(2 + self.depth, &text);
    }
}

/// Adds a row that stands above a table.
pub(crate) fn add_title(builder: &mut Builder, row: &[String]) {
    let text = line(row);
    let is_title =
        header::width(row) == 1 && text.chars().count() <= 120 && !header::is_value(&text);
    if is_title {
        builder.heading(2, &text)
    } else {
        builder.paragraph(&text)
    }
}

/// A row as one line; a text over several columns once.
fn line(row: &[String]) -> String {
    let mut cells: Vec<&str> = Vec::new();
    for cell in row
        .iter()
        .map(|cell| cell.trim())
        .filter(|cell| !cell.is_empty())
    {
        if cells.last() != Some(&cell) {
            cells.push(cell);
        }
    }
    cells.join(" ")
}

/// `1 | 2 | 3` under the names, as forms have it.
fn is_numbering(row: &[String]) -> bool {
    let cells: Vec<&str> = row
        .iter()
        .map(|cell| cell.trim())
        .filter(|cell| !cell.is_empty())
        .collect();
    cells.len() >= 3
        && (1..)
            .zip(&cells)
            .all(|(number, cell)| *cell == number.to_string())
}

/// A name and its values in two neighbouring columns, because one of them was a merged cell, are one column.
fn close_gaps(names: &mut Vec<String>, body: &mut [Vec<String>]) {
    let mut has_values = vec![false; names.len()];
    for row in body.iter() {
        for (has_values, cell) in has_values.iter_mut().zip(row) {
            *has_values |= !cell.trim().is_empty();
        }
    }
    for column in (1..names.len()).rev() {
        let is_gap = names[column].is_empty()
            && has_values[column]
            && !names[column - 1].is_empty()
            && !has_values[column - 1];
        if is_gap {
            names.remove(column);
            has_values.remove(column - 1);
            for row in body.iter_mut().filter(|row| row.len() > column) {
                row.remove(column - 1);
            }
        }
    }
}

/// Takes out empty rows and the columns that no row fills.
fn leave_out_empty(rows: &mut Vec<Vec<String>>) {
    rows.retain(|row| filled(row) > 0);
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    let mut used = vec![false; width];
    for row in rows.iter() {
        for (used, cell) in used.iter_mut().zip(row) {
            *used |= !cell.trim().is_empty();
        }
    }
    if used.iter().all(|used| *used) {
        return;
    }
    for row in rows.iter_mut() {
        let mut used = used.iter();
        row.retain(|_| used.next().copied().unwrap_or(false));
    }
}

fn filled(row: &[String]) -> usize {
    row.iter()
        .rposition(|cell| !cell.trim().is_empty())
        .map_or(0, |last| last + 1)
}
