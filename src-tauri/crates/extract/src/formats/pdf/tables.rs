//! Tables without lines drawn: several lines in a row whose cells stand under each other.

use crate::formats::pdf::layout::{self, Line};

/// A table at the beginning of some lines.
pub(crate) struct Found {
    pub(crate) rows: Vec<Vec<String>>,
    /// How many lines it takes.
    pub(crate) lines: usize,
}

/// The table that begins with the first of these lines, if one does: at least two lines of two cells or
/// more (three where there are just two columns), and no cell over two columns.
pub(crate) fn find(lines: &[Line]) -> Option<Found> {
    if lines.first()?.cells.len() < 2 {
        return None;
    }
    let length = extent(lines);
    let lines = &lines[..length];
    let full = lines.iter().filter(|line| line.cells.len() >= 2).count();
    let columns = columns(lines);
    if full < 2 || columns.len() < 2 || columns.len() > 24 || full < 3 && columns.len() < 3 {
        return None;
    }
    // Tables of right-to-left scripts begin at the right too.
    let cells = || lines.iter().flat_map(|line| &line.cells);
    let is_rtl = cells().filter(|cell| layout::is_rtl(&cell.text)).count() * 2 > cells().count();
    let mut rows: Vec<Vec<String>> = Vec::new();
    for line in lines {
        let mut row = vec![String::new(); columns.len()];
        for cell in &line.cells {
            let centre = (cell.left + cell.right) / 2.0;
            let column = columns
                .iter()
                .position(|(left, right)| (*left..=*right).contains(&centre))?;
            if !row[column].is_empty() {
                row[column].push(' ');
            }
            row[column].push_str(&cell.text);
        }
        if is_rtl {
            row.reverse();
        }
        // A line without a first cell goes on with the row above.
        let goes_on = row[0].is_empty()
            && row.iter().filter(|cell| !cell.is_empty()).count() < columns.len() - 1;
        match rows.last_mut() {
            Some(above) if goes_on => append(above, &row),
            _ => rows.push(row),
        }
    }
    Some(Found {
        rows,
        lines: length,
    })
}

/// How many lines belong together: cells side by side, at most one line in between that only goes on with a
/// cell, no wide gap.
fn extent(lines: &[Line]) -> usize {
    let mut length = 1;
    for (at, pair) in lines.windows(2).enumerate() {
        let (above, line) = (&pair[0], &pair[1]);
        let gap = (line.baseline - above.baseline) / line.size.max(1.0);
        if !(0.0..4.0).contains(&gap) {
            break;
        }
        if line.cells.len() >= 2 {
            length = at + 2;
        } else if above.cells.len() < 2 || line.left <= above.left + line.size {
            break;
        }
    }
    length
}

/// The places of the columns: cells that overlap are one column.
fn columns(lines: &[Line]) -> Vec<(f64, f64)> {
    let mut spans: Vec<(f64, f64)> = Vec::new();
    for line in lines {
        for cell in &line.cells {
            spans.push((cell.left, cell.right));
        }
    }
    spans.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mut columns: Vec<(f64, f64)> = Vec::new();
    for (left, right) in spans {
        match columns.last_mut() {
            Some(column) if left < column.1 => column.1 = column.1.max(right),
            _ => columns.push((left, right)),
        }
    }
    merge_alternating(columns, lines)
}

/// A name aligned left over numbers aligned right looks like two columns of which never both are filled.
fn merge_alternating(columns: Vec<(f64, f64)>, lines: &[Line]) -> Vec<(f64, f64)> {
    let fills = |line: &Line, column: &(f64, f64)| {
        line.cells
            .iter()
            .any(|cell| cell.left >= column.0 && cell.right <= column.1)
    };
    let mut merged: Vec<(f64, f64)> = Vec::new();
    for column in columns {
        let alternates = |before: &(f64, f64)| {
            !lines
                .iter()
                .any(|line| fills(line, before) && fills(line, &column))
        };
        match merged.last_mut() {
            Some(before) if alternates(before) => before.1 = column.1,
            _ => merged.push(column),
        }
    }
    merged
}

fn append(above: &mut [String], row: &[String]) {
    for (cell, more) in above.iter_mut().zip(row) {
        if more.is_empty() {
            continue;
        }
        if !cell.is_empty() {
            cell.push(' ');
        }
        cell.push_str(more);
    }
}
