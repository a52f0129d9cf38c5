//! Sheets: filled cells -> titles and tables, the same for workbooks of every kind and for tables of text.

use std::collections::{BTreeMap, BTreeSet};

use crate::blocks::Builder;
use crate::header;
use crate::table::{self, Header};

/// The filled cells of a sheet by row and column, from 0.
pub(crate) type Cells = BTreeMap<u32, BTreeMap<u32, String>>;

/// The cells of rows as a person sees them.
pub(crate) fn cells_of(rows: impl IntoIterator<Item = Vec<String>>) -> Cells {
    let mut cells = Cells::new();
    for (number, row) in (0..).zip(rows) {
        let filled = (0..).zip(row).filter(|(_, text)| !text.trim().is_empty());
        let filled: BTreeMap<u32, String> = filled.collect();
        if !filled.is_empty() {
            cells.insert(number, filled);
        }
    }
    cells
}

/// Adds the tables of a sheet under its name, unless that says nothing.
pub(crate) fn add_named(builder: &mut Builder, name: &str, cells: Cells) {
    if cells.is_empty() {
        return;
    }
    if !is_default_name(name) {
        builder.heading(1, name);
    }
    add(builder, Some(name), cells);
}

/// Cuts a sheet into tables at empty rows.
pub(crate) fn add(builder: &mut Builder, name: Option<&str>, cells: Cells) {
    let cells = without_empty_columns(cells);
    let mut group: Vec<BTreeMap<u32, String>> = Vec::new();
    let mut above: Option<Columns> = None;
    let mut last_row = None;
    for (row, filled) in cells {
        if last_row.is_some_and(|last| row > last + 1) {
            above = add_group(builder, name, std::mem::take(&mut group), above);
        }
        last_row = Some(row);
        group.push(filled);
    }
    add_group(builder, name, group, above);
}

/// The header of the table above and where it stands: rows after a gap belong to it when they have no header
/// of their own.
struct Columns {
    left: u32,
    names: Vec<String>,
}

fn add_group(
    builder: &mut Builder,
    name: Option<&str>,
    group: Vec<BTreeMap<u32, String>>,
    above: Option<Columns>,
) -> Option<Columns> {
    let widest = group.iter().map(BTreeMap::len).max().unwrap_or(0);
    if widest <= 1 && group.len() <= TITLES {
        for row in group {
            table::add_title(builder, &row.into_values().collect::<Vec<_>>());
        }
        return above;
    }
    let left = group.iter().filter_map(|row| row.keys().next()).min();
    let left = left.copied().unwrap_or(0);
    let mut rows: Vec<Vec<String>> = Vec::with_capacity(group.len());
    for mut row in group {
        let last = row.keys().next_back().copied().unwrap_or(left);
        let cell = |column| row.remove(&column).unwrap_or_default();
        rows.push((left..=last).map(cell).collect());
    }
    if let Some(columns) = &above
        && columns.left == left
        && goes_on(&rows, &columns.names)
    {
        rows.insert(0, columns.names.clone());
        table::add(builder, name, rows, Header::Rows(1));
        return above;
    }
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    let names = table::add_sheet(builder, name, rows)?;
    // Where a column was left out, the rows below would stand under wrong names.
    (names.len() == width).then_some(Columns { left, names })
}

/// Closes the columns that are empty from top to bottom, as merged cells leave them.
fn without_empty_columns(cells: Cells) -> Cells {
    let used: BTreeSet<u32> = cells.values().flat_map(BTreeMap::keys).copied().collect();
    if (0..).zip(&used).all(|(place, column)| place == *column) {
        return cells;
    }
    let places: BTreeMap<u32, u32> = used.into_iter().zip(0..).collect();
    let moved = |row: BTreeMap<u32, String>| {
        let cells = row.into_iter();
        cells
            .map(|(column, text)| (places.get(&column).copied().unwrap_or(column), text))
            .collect()
    };
    cells
        .into_iter()
        .map(|(row, filled)| (row, moved(filled)))
        .collect()
}

/// A sheet's part of so many lone cells is its title, not a list.
const TITLES: usize = 3;

/// True when rows after a gap have values and no header.
fn goes_on(rows: &[Vec<String>], names: &[String]) -> bool {
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    width <= names.len()
        && rows.iter().flatten().any(|cell| header::is_value(cell))
        && header::find(rows, header::Above::Titles).names == 0
}

/// A name that Excel gave: it says nothing about the sheet.
fn is_default_name(name: &str) -> bool {
    let word = name
        .trim_end_matches(|character: char| character.is_ascii_digit())
        .trim()
        .to_lowercase();
    [
        "sheet",
        "лист",
        "tabelle",
        "feuil",
        "hoja",
        "table",
        "таблица",
        "tdsheet",
    ]
    .contains(&word.as_str())
}
