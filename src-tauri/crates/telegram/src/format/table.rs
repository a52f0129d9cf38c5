//! A table as people read it on a telephone: a line for each row, or, when it is wide, letters of one width.

use super::clean;
use super::entity::EntityKind;
use super::write::Writer;

/// Columns that still read as a sentence.
const WIDE: usize = 4;
/// The widest column of a wide table, in characters.
const WIDEST: usize = 24;

#[derive(Default)]
pub(super) struct Table {
    rows: Vec<Vec<String>>,
    row: Vec<String>,
    cell: String,
}

impl Table {
    pub(super) fn put(&mut self, text: &str) {
        self.cell.push_str(text);
    }

    pub(super) fn cell_len(&self) -> usize {
        self.cell.len()
    }

    pub(super) fn cell_from(&self, start: usize) -> &str {
        self.cell.get(start..).unwrap_or_default()
    }

    pub(super) fn end_cell(&mut self) {
        self.row.push(clean::line(&std::mem::take(&mut self.cell)));
    }

    pub(super) fn end_row(&mut self) {
        self.rows.push(std::mem::take(&mut self.row));
    }

    pub(super) fn write(self, writer: &mut Writer) {
        let Some((names, rows)) = self.rows.split_first() else {
            return;
        };
        if names.len() > WIDE {
            let lines = aligned(&self.rows);
            writer.put_code(
                EntityKind::Pre {
                    language: String::new(),
                },
                &lines,
            );
            return;
        }
        if rows.is_empty() {
            writer.put(&names.join(", "));
        }
        for row in rows {
            writer.gap(1);
            writer.put("• ");
            writer.put(&sentence(names, row));
        }
    }
}

/// `Kazan: Price 450 ₽, Time 3 days`
fn sentence(names: &[String], row: &[String]) -> String {
    let Some((subject, cells)) = row.split_first() else {
        return String::new();
    };
    let told: Vec<String> = cells
        .iter()
        .zip(names.iter().skip(1))
        .filter(|(cell, _)| !cell.is_empty())
        .map(|(cell, name)| match name.is_empty() {
            true => cell.clone(),
            false => format!("{name} {cell}"),
        })
        .collect();
    match (subject.is_empty(), told.is_empty()) {
        (_, true) => subject.clone(),
        (true, false) => told.join(", "),
        (false, false) => format!("{subject}: {}", told.join(", ")),
    }
}

fn aligned(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let width = |column: usize| {
        let lengths = rows.iter().filter_map(|row| row.get(column));
        let longest = lengths.map(|cell| cell.chars().count()).max();
        longest.unwrap_or_default().min(WIDEST)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let lines: Vec<String> = rows
        .iter()
        .map(|row| {
            let cells: Vec<String> = row
                .iter()
                .zip(&widths)
                .map(|(cell, &width)| format!("{cell:<width$}"))
                .collect();
            cells.join(" | ").trim_end().to_owned()
        })
        .collect();
    lines.join("\n")
}
