//! What changed between two versions of a text, in lines and rows of tables: pure.
//!
//! Blocks are compared first; inside a changed block words, inside a changed row cells. A row is the same row
//! when its first telling cell is (a product's name), wherever it stands. Work is bounded: of huge texts the
//! beginning is compared, and after [`LONGEST`] the rest is compared coarsely.

pub mod words;

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

use domain::document::{Block, BlockKind};
use similar::{Algorithm, DiffOp, capture_diff_slices_deadline};

use crate::knowledge::difference::words::Part;

/// Most changes that are told one by one; all are counted.
pub const MOST_CHANGES: usize = 500;
/// Most blocks of each version that are compared.
const MOST_BLOCKS: usize = 20_000;
/// After so long what is left is compared coarsely.
const LONGEST: Duration = Duration::from_secs(2);
/// Most pairs of lines that are looked at within one stretch.
const MOST_PAIRS: usize = 10_000;
/// Two lines with less in common (0..=1) are not one changed line.
const ALIKE: f32 = 0.4;

/// What changed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Difference {
    /// Lines and rows that are new.
    pub added: u32,
    /// Lines and rows that are gone.
    pub removed: u32,
    /// Lines and rows that say something else.
    pub changed: u32,
    /// The changes in reading order, at most [`MOST_CHANGES`].
    pub changes: Vec<Change>,
    /// True when only the beginning of a huge text was compared.
    pub is_cut: bool,
}

/// One change.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// What happened.
    pub kind: ChangeKind,
    /// The heading it stands under, or the table's name.
    pub place: Option<String>,
    /// Page, from 1.
    pub page: Option<u32>,
    /// Of a line: its words. Empty for a row.
    pub parts: Vec<Part>,
    /// Of a row: its cells. Empty for a line.
    pub cells: Vec<Cell>,
}

/// What happened to a line or a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It says something else.
    Changed,
}

/// A cell of a row, before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// The column's name; empty where the table has no header.
    pub column: String,
    /// What it said; `None` where there was no such cell.
    pub before: Option<String>,
    /// What it says; `None` where there is no such cell any more.
    pub after: Option<String>,
}

/// What changed from `old` to `new`.
pub fn difference(old: &[Block], new: &[Block]) -> Difference {
    let is_cut = old.len() > MOST_BLOCKS || new.len() > MOST_BLOCKS;
    let old = &old[..old.len().min(MOST_BLOCKS)];
    let new = &new[..new.len().min(MOST_BLOCKS)];
    let deadline = Instant::now() + LONGEST;
    let mut found = matched(old, new, deadline);
    found.sort_by_key(|pair| (pair.at, pair.new, pair.old));
    let mut difference = Difference {
        is_cut,
        ..Difference::default()
    };
    let places = (places(old), places(new));
    for pair in found {
        let kind = match (pair.old, pair.new) {
            (Some(_), Some(_)) => ChangeKind::Changed,
            (Some(_), None) => ChangeKind::Removed,
            _ => ChangeKind::Added,
        };
        match kind {
            ChangeKind::Added => difference.added += 1,
            ChangeKind::Removed => difference.removed += 1,
            ChangeKind::Changed => difference.changed += 1,
        }
        if difference.changes.len() < MOST_CHANGES {
            let place = match (pair.old, pair.new) {
                (_, Some(at)) => places.1[at].clone(),
                (Some(at), None) => places.0[at].clone(),
                (None, None) => None,
            };
            let before = pair.old.map(|at| &old[at]);
            let after = pair.new.map(|at| &new[at]);
            difference
                .changes
                .push(told(kind, place, before, after, deadline));
        }
    }
    difference
}

/// A block that changed: where it stood, where it stands.
struct Pair {
    old: Option<usize>,
    new: Option<usize>,
    /// Where in the new text it is told.
    at: usize,
}

/// The changed blocks; blocks that only moved are no change.
fn matched(old: &[Block], new: &[Block], deadline: Instant) -> Vec<Pair> {
    let old_words: Vec<&str> = old.iter().map(|block| block.text.as_str()).collect();
    let new_words: Vec<&str> = new.iter().map(|block| block.text.as_str()).collect();
    let ops =
        capture_diff_slices_deadline(Algorithm::Patience, &old_words, &new_words, Some(deadline));
    let mut gone: Vec<(usize, usize)> = Vec::new();
    let mut come: Vec<usize> = Vec::new();
    let mut stretches = Vec::new();
    for op in ops {
        let (old_range, new_range) = match op {
            DiffOp::Equal { .. } => continue,
            DiffOp::Delete {
                old_index,
                old_len,
                new_index,
            } => (old_index..old_index + old_len, new_index..new_index),
            DiffOp::Insert {
                old_index,
                new_index,
                new_len,
            } => (old_index..old_index, new_index..new_index + new_len),
            DiffOp::Replace {
                old_index,
                old_len,
                new_index,
                new_len,
            } => (
                old_index..old_index + old_len,
                new_index..new_index + new_len,
            ),
        };
        gone.extend(old_range.clone().map(|at| (at, new_range.start)));
        come.extend(new_range.clone());
        stretches.push((old_range, new_range));
    }
    let mut partner: HashMap<usize, usize> = HashMap::new();
    let mut taken = vec![false; new.len()];
    // The very same text elsewhere: it moved. Then rows that begin alike: their other cells changed.
    let moved = |block: &Block| Some(block.text.clone());
    for key in [&moved as &dyn Fn(&Block) -> Option<String>, &row_key] {
        let mut waiting: HashMap<String, VecDeque<usize>> = HashMap::new();
        for at in come.iter().filter(|at| !taken[**at]) {
            if let Some(key) = key(&new[*at]) {
                waiting.entry(key).or_default().push_back(*at);
            }
        }
        for (at, _) in &gone {
            if partner.contains_key(at) {
                continue;
            }
            let found = key(&old[*at]).and_then(|key| waiting.get_mut(&key)?.pop_front());
            if let Some(found) = found {
                partner.insert(*at, found);
                taken[found] = true;
            }
        }
    }
    for (old_range, new_range) in stretches {
        let left: Vec<usize> = old_range.filter(|at| !partner.contains_key(at)).collect();
        let right: Vec<usize> = new_range.filter(|at| !taken[*at]).collect();
        for (from, to) in alike(old, new, &left, &right) {
            partner.insert(from, to);
            taken[to] = true;
        }
    }
    let mut pairs = Vec::new();
    for (at, told_at) in gone {
        match partner.get(&at) {
            Some(found) if old[at].text == new[*found].text => {}
            Some(found) => pairs.push(Pair {
                old: Some(at),
                new: Some(*found),
                at: *found,
            }),
            None => pairs.push(Pair {
                old: Some(at),
                new: None,
                at: told_at,
            }),
        }
    }
    pairs.extend(come.into_iter().filter(|at| !taken[*at]).map(|at| Pair {
        old: None,
        new: Some(at),
        at,
    }));
    pairs
}

/// Lines of one stretch that are one changed line each, in their order.
fn alike(old: &[Block], new: &[Block], left: &[usize], right: &[usize]) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    let mut from = 0;
    let is_small = left.len() * right.len() <= MOST_PAIRS;
    for (number, to) in right.iter().enumerate() {
        // In a long stretch only the line of the same number is looked at.
        let candidates = match is_small {
            true => from..left.len(),
            false => number.max(from)..left.len().min(number + 1),
        };
        let best = candidates
            .map(|at| (at, words::likeness(&old[left[at]].text, &new[*to].text)))
            .filter(|(at, likeness)| {
                *likeness >= ALIKE && is_row(&old[left[*at]]) == is_row(&new[*to])
            })
            .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
        if let Some((at, _)) = best {
            pairs.push((left[at], *to));
            from = at + 1;
        }
    }
    pairs
}

fn is_row(block: &Block) -> bool {
    matches!(block.kind, BlockKind::TableRow { .. })
}

/// What a row is known by: its first cell with a letter in it.
fn row_key(block: &Block) -> Option<String> {
    let BlockKind::TableRow { cells, .. } = &block.kind else {
        return None;
    };
    let telling = cells
        .iter()
        .find(|cell| cell.chars().any(char::is_alphabetic))?;
    Some(telling.to_lowercase())
}

/// The heading above each block, or the name of its table.
fn places(blocks: &[Block]) -> Vec<Option<String>> {
    let mut heading: Option<String> = None;
    let mut places = Vec::with_capacity(blocks.len());
    for block in blocks {
        match &block.kind {
            BlockKind::Heading { .. } => {
                places.push(None);
                heading = Some(block.text.clone());
            }
            BlockKind::TableRow {
                table: Some(name), ..
            } => places.push(Some(name.clone())),
            _ => places.push(heading.clone()),
        }
    }
    places
}

fn told(
    kind: ChangeKind,
    place: Option<String>,
    before: Option<&Block>,
    after: Option<&Block>,
    deadline: Instant,
) -> Change {
    let page = after.or(before).and_then(|block| block.page);
    let rows = before.into_iter().chain(after).all(is_row);
    let (parts, cells) = match rows {
        true => (Vec::new(), cells(before, after)),
        false => {
            let text =
                |block: Option<&Block>| block.map_or(String::new(), |block| block.text.clone());
            (
                words::parts(&text(before), &text(after), deadline),
                Vec::new(),
            )
        }
    };
    Change {
        kind,
        place,
        page,
        parts,
        cells,
    }
}

/// The cells of a row side by side, by the names of their columns where both have them.
fn cells(before: Option<&Block>, after: Option<&Block>) -> Vec<Cell> {
    let (old_header, old_cells) = row_of(before);
    let (new_header, new_cells) = row_of(after);
    let mut cells = Vec::new();
    let mut used = vec![false; old_cells.len()];
    for (at, text) in new_cells.iter().enumerate() {
        let column = new_header.get(at).cloned().unwrap_or_default();
        let by_name = old_header
            .iter()
            .position(|name| *name == column && !column.is_empty());
        let unnamed = old_header.is_empty() || new_header.is_empty();
        let old_at = by_name
            .or(unnamed.then_some(at))
            .filter(|at| used.get(*at).is_some_and(|used| !used));
        if let Some(old_at) = old_at {
            used[old_at] = true;
        }
        cells.push(Cell {
            column,
            before: old_at.map(|at| old_cells[at].clone()),
            after: Some(text.clone()),
        });
    }
    for (at, text) in old_cells.iter().enumerate().filter(|(at, _)| !used[*at]) {
        cells.push(Cell {
            column: old_header.get(at).cloned().unwrap_or_default(),
            before: Some(text.clone()),
            after: None,
        });
    }
    cells.retain(|cell| {
        let says = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.is_empty());
        says(&cell.before) || says(&cell.after)
    });
    cells
}

fn row_of(block: Option<&Block>) -> (&[String], &[String]) {
    match block.map(|block| &block.kind) {
        Some(BlockKind::TableRow { header, cells, .. }) => (header, cells),
        _ => (&[], &[]),
    }
}

#[cfg(test)]
mod tests;
