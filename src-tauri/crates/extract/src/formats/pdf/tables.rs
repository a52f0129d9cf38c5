//! Tables without lines drawn: several lines in a row whose cells stand under each other.

use crate::formats::pdf::layout::{self, Line};
use crate::formats::pdf::lines::{Run, Word};

/// A gap of this many font sizes before a word parts it from the cell, where a column begins there.
const NARROW_GAP: f64 = 0.6;
/// How far from a column's beginning a cell may begin, in font sizes.
const ALIGNED: f64 = 0.25;
/// So many lines make the beginning of a column.
const FIRM: usize = 2;

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
    let lines = &parted(&lines[..length])[..];
    let full = lines.iter().filter(|line| line.cells.len() >= 2).count();
    let columns = columns(lines);
    if full < 2 || columns.len() < 2 || columns.len() > 24 || full < 3 && columns.len() < 3 {
        return None;
    }
    let pitch = Pitch::of(lines);
    // Tables of right-to-left scripts begin at the right too.
    let cells = || lines.iter().flat_map(|line| &line.cells);
    let is_rtl = cells().filter(|cell| layout::is_rtl(&cell.text)).count() * 2 > cells().count();
    let mut rows: Vec<Vec<String>> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
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
        // A line without a first cell goes on with the row above; so does one that stands closer to it than rows do.
        let filled = row.iter().filter(|cell| !cell.is_empty()).count();
        let begins_small = row[0].starts_with(char::is_lowercase);
        let goes_on = match pitch {
            Some(pitch) if pitch.is_within_row(lines, at) => {
                filled < columns.len() && (row[0].is_empty() || begins_small)
            }
            _ => row[0].is_empty() && filled < columns.len() - 1,
        };
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

/// The distance of lines within a row, where that is clearly less than between rows.
#[derive(Clone, Copy)]
struct Pitch(f64);

impl Pitch {
    fn of(lines: &[Line]) -> Option<Pitch> {
        let gaps: Vec<f64> = lines
            .windows(2)
            .map(|pair| pair[1].baseline - pair[0].baseline)
            .collect();
        let least = gaps.iter().copied().fold(f64::INFINITY, f64::min);
        let wider = gaps.iter().filter(|gap| **gap > 1.3 * least).count();
        (least > 0.0 && wider >= 2 && wider * 4 >= gaps.len()).then_some(Pitch(least))
    }

    fn is_within_row(self, lines: &[Line], at: usize) -> bool {
        at > 0 && lines[at].baseline - lines[at - 1].baseline < 1.15 * self.0
    }
}

/// The lines with cells parted that a long text has pushed together: where other lines begin a column, a word
/// that begins there after a gap is a cell of its own.
fn parted(lines: &[Line]) -> Vec<Line> {
    let starts: Vec<f64> = lines
        .iter()
        .flat_map(|line| line.cells.iter().skip(1).map(|cell| cell.left))
        .collect();
    let begins_column = |word: &Word, size: f64| {
        let aligned = starts
            .iter()
            .filter(|start| (*start - word.left).abs() < ALIGNED * size);
        aligned.count() >= FIRM
    };
    let part = |line: &Line| {
        let mut line = line.clone();
        line.cells = line
            .cells
            .into_iter()
            .flat_map(|cell| part_cell(cell, &begins_column))
            .collect();
        line
    };
    lines.iter().map(part).collect()
}

fn part_cell(cell: Run, begins_column: &impl Fn(&Word, f64) -> bool) -> Vec<Run> {
    let is_cut = |pair: &[Word]| {
        pair[1].left - pair[0].right > NARROW_GAP * cell.size && begins_column(&pair[1], cell.size)
    };
    let cuts: Vec<usize> = (1..cell.words.len())
        .filter(|at| is_cut(&cell.words[at - 1..=*at]))
        .collect();
    if cuts.is_empty() {
        return vec![cell];
    }
    let mut from = 0;
    let mut cells = Vec::with_capacity(cuts.len() + 1);
    for to in cuts.into_iter().chain([cell.words.len()]) {
        let words = &cell.words[from..to];
        let (first, last) = (words[0], words[words.len() - 1]);
        let end = cell
            .words
            .get(to)
            .map_or(cell.text.len(), |word| word.start);
        cells.push(Run {
            text: cell.text[first.start..end].trim_end().to_owned(),
            left: first.left,
            right: last.right,
            words: Vec::new(),
            ..cell.clone()
        });
        from = to;
    }
    cells
}

/// How many lines belong together: cells side by side, at most one line in between that only goes on with a
/// cell, no wide gap; at the end, lines that go on with a cell of the last row.
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
    let Some(pitch) = Pitch::of(&lines[..length]) else {
        return length;
    };
    let is_of_column = |line: &Line| {
        let cells = lines[..length]
            .iter()
            .flat_map(|line| line.cells.iter().skip(1));
        let mut lefts = cells.map(|cell| cell.left);
        lefts.any(|left| (left - line.left).abs() < ALIGNED * line.size)
    };
    let goes_on = |at: &usize| pitch.is_within_row(lines, *at) && is_of_column(&lines[*at]);
    length + (length..lines.len()).take_while(goes_on).count()
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
