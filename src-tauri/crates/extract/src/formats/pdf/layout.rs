//! Runs -> lines in reading order: columns are read one after the other, tables row by row.

use crate::formats::pdf::lines::{Run, Word};

/// Deepest nesting of columns in columns.
const DEPTH: usize = 5;

/// Runs on one baseline, from left to right.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    /// Text between wide gaps; at least one.
    pub(crate) cells: Vec<Run>,
    pub(crate) left: f64,
    pub(crate) right: f64,
    pub(crate) baseline: f64,
    pub(crate) size: f64,
    pub(crate) bold: bool,
}

impl Line {
    /// The whole line's text.
    pub(crate) fn text(&self) -> String {
        let texts: Vec<&str> = self.cells.iter().map(|cell| cell.text.as_str()).collect();
        texts.join(" ")
    }
}

/// Lines in reading order, cut where the flow of text jumps (to another column).
pub(crate) fn regions(runs: Vec<Run>) -> Vec<Vec<Line>> {
    let mut regions = Vec::new();
    order(runs, 0, &mut regions);
    regions.retain(|region: &Vec<Line>| !region.is_empty());
    regions
}

fn order(runs: Vec<Run>, depth: usize, regions: &mut Vec<Vec<Line>>) {
    let gutter = if depth < DEPTH {
        find_gutter(&runs)
    } else {
        None
    };
    let Some(gutter) = gutter else {
        append(regions, lines(runs));
        return;
    };
    // Lines across the gutter (titles, wide tables) part the page into bands.
    let mut band: Vec<Run> = Vec::new();
    for line in lines_whole(runs) {
        let across = line
            .iter()
            .any(|run| run.left < gutter && run.right > gutter);
        if across {
            band_in_order(std::mem::take(&mut band), gutter, depth, regions);
            append(regions, lines(line));
        } else {
            band.extend(line);
        }
    }
    band_in_order(band, gutter, depth, regions);
}

fn band_in_order(band: Vec<Run>, gutter: f64, depth: usize, regions: &mut Vec<Vec<Line>>) {
    let (left, right): (Vec<Run>, Vec<Run>) =
        band.iter().cloned().partition(|run| run.right <= gutter);
    if !are_columns(&left, &right) {
        append(regions, lines(band));
        return;
    }
    regions.push(Vec::new());
    order(left, depth + 1, regions);
    regions.push(Vec::new());
    order(right, depth + 1, regions);
    regions.push(Vec::new());
}

/// Lines go on in the region that is open.
fn append(regions: &mut Vec<Vec<Line>>, lines: Vec<Line>) {
    match regions.last_mut() {
        Some(region) => region.extend(lines),
        None => regions.push(lines),
    }
}

/// The place between two columns that the fewest runs cross, in the middle of the text.
fn find_gutter(runs: &[Run]) -> Option<f64> {
    if runs.len() < 6 {
        return None;
    }
    let left = runs
        .iter()
        .map(|run| run.left)
        .fold(f64::INFINITY, f64::min);
    let right = runs
        .iter()
        .map(|run| run.right)
        .fold(f64::NEG_INFINITY, f64::max);
    let width = right - left;
    if !(60.0..20_000.0).contains(&width) {
        return None;
    }
    let slots = width.ceil() as usize + 1;
    let mut change = vec![0_i64; slots + 1];
    for run in runs {
        let from = (run.left - left).max(0.0).floor() as usize;
        let to = ((run.right - left).ceil() as usize).min(slots);
        change[from] += 1;
        change[to] -= 1;
    }
    let mut crossing = Vec::with_capacity(slots);
    let mut open = 0;
    for step in &change[..slots] {
        open += step;
        crossing.push(open);
    }
    let middle = slots * 15 / 100..slots * 85 / 100;
    let fewest = *crossing.get(middle.clone())?.iter().min()?;
    let mut best: Option<(usize, usize)> = None;
    let mut start = None;
    // One more step than the middle has, so that a gap that reaches its end is closed too.
    let lows = crossing[middle.clone()].iter().map(|open| *open == fewest);
    for (at, is_low) in (middle.start..).zip(lows.chain([false])) {
        match (is_low, start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                if best.is_none_or(|(_, length)| at - from > length) {
                    best = Some((from, at - from));
                }
                start = None;
            }
            _ => {}
        }
    }
    let (from, length) = best?;
    let sizes = runs.iter().map(|run| run.size);
    let size = sizes.sum::<f64>() / runs.len() as f64;
    let gutter = left + from as f64 + length as f64 / 2.0;
    let beside = |side: fn(&Run, f64) -> bool| runs.iter().filter(|run| side(run, gutter)).count();
    let on_left = beside(|run, gutter| run.right <= gutter);
    let on_right = beside(|run, gutter| run.left >= gutter);
    let wide_enough = length as f64 >= 0.6 * size;
    let enough = on_left >= 3 && on_right >= 3 && (fewest as usize) * 2 <= on_left + on_right;
    (wide_enough && enough).then_some(gutter)
}

/// Columns of running text, rather than columns of a table: long lines on both sides, or lines that do not
/// stand beside each other.
fn are_columns(left: &[Run], right: &[Run]) -> bool {
    let (left, right) = (lines(left.to_vec()), lines(right.to_vec()));
    if left.len() < 3 || right.len() < 3 {
        return false;
    }
    let running =
        |side: &[Line]| fill(side) >= 0.6 && characters(side) >= 14.0 && one_cell(side) >= 0.7;
    if running(&left) && running(&right) {
        return true;
    }
    let (fewer, more) = if left.len() <= right.len() {
        (&left, &right)
    } else {
        (&right, &left)
    };
    let beside = fewer.iter().filter(|line| {
        more.iter()
            .any(|other| (other.baseline - line.baseline).abs() < 0.25 * line.size)
    });
    (beside.count() as f64) < 0.4 * fewer.len() as f64
}

/// How much of the column's width its lines take, from 0 to 1.
fn fill(lines: &[Line]) -> f64 {
    let left = lines
        .iter()
        .map(|line| line.left)
        .fold(f64::INFINITY, f64::min);
    let right = lines
        .iter()
        .map(|line| line.right)
        .fold(f64::NEG_INFINITY, f64::max);
    let taken = lines.iter().map(|line| line.right - line.left).sum::<f64>();
    taken / (lines.len() as f64 * (right - left).max(1.0))
}

fn characters(lines: &[Line]) -> f64 {
    let characters = lines
        .iter()
        .map(|line| line.text().chars().count())
        .sum::<usize>();
    characters as f64 / lines.len() as f64
}

fn one_cell(lines: &[Line]) -> f64 {
    lines.iter().filter(|line| line.cells.len() == 1).count() as f64 / lines.len() as f64
}

/// Runs by baseline from top to bottom, each line's from left to right.
fn lines_whole(mut runs: Vec<Run>) -> Vec<Vec<Run>> {
    runs.sort_by(|one, other| one.baseline.total_cmp(&other.baseline));
    let mut lines: Vec<Vec<Run>> = Vec::new();
    let mut baseline = f64::NEG_INFINITY;
    let mut line_size = 0.0;
    for run in runs {
        let apart = run.baseline - baseline > 0.4 * run.size.min(line_size);
        match lines.last_mut() {
            Some(line) if !apart => {
                line_size = f64::max(line_size, run.size);
                line.push(run);
            }
            _ => {
                baseline = run.baseline;
                line_size = run.size;
                lines.push(vec![run]);
            }
        }
    }
    for line in &mut lines {
        line.sort_by(|one, other| one.left.total_cmp(&other.left));
    }
    lines
}

fn lines(runs: Vec<Run>) -> Vec<Line> {
    lines_whole(runs).into_iter().filter_map(line).collect()
}

fn line(mut runs: Vec<Run>) -> Option<Line> {
    // Right-to-left lines begin at the right.
    let rtl = runs.iter().filter(|run| is_rtl(&run.text)).count() * 2 > runs.len();
    if rtl {
        runs.reverse();
    }
    let mut cells: Vec<Run> = Vec::new();
    for run in runs {
        let gap = cells.last().map(|cell| {
            let gap = if rtl {
                cell.left - run.right
            } else {
                run.left - cell.right
            };
            gap / run.size.max(cell.size)
        });
        match (cells.last_mut(), gap) {
            (Some(cell), Some(gap)) if gap < 0.9 => {
                if gap > 0.12 {
                    cell.text.push(' ');
                }
                let moved = cell.text.len();
                cell.words.extend(run.words.iter().map(|word| Word {
                    start: word.start + moved,
                    ..*word
                }));
                cell.text.push_str(&run.text);
                cell.left = cell.left.min(run.left);
                cell.right = cell.right.max(run.right);
                cell.size = cell.size.max(run.size);
                cell.bold &= run.bold;
            }
            _ => cells.push(run),
        }
    }
    let left = cells
        .iter()
        .map(|cell| cell.left)
        .fold(f64::INFINITY, f64::min);
    let right = cells
        .iter()
        .map(|cell| cell.right)
        .fold(f64::NEG_INFINITY, f64::max);
    let longest = cells.iter().max_by_key(|cell| cell.text.len())?;
    let (baseline, size) = (longest.baseline, longest.size);
    let bold = cells.iter().all(|cell| cell.bold);
    Some(Line {
        cells,
        left,
        right,
        baseline,
        size,
        bold,
    })
}

/// True when most letters are of a script that runs from right to left.
pub(crate) fn is_rtl(text: &str) -> bool {
    let letters = text
        .chars()
        .filter(|character| character.is_alphabetic())
        .count();
    let rtl = text
        .chars()
        .filter(|character| matches!(character, '\u{590}'..='\u{8ff}'))
        .count();
    rtl > 0 && rtl * 2 > letters
}
