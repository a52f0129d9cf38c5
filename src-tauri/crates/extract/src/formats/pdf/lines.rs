//! Glyphs -> runs of text without wide gaps, in the frame of their own direction.

use hayro_interpret::hayro_cmap::BfString;
use unicode_normalization::UnicodeNormalization;

use crate::formats::pdf::glyphs::{Content, Direction, Mark};

/// A gap of this many font sizes between two glyphs parts words.
const WORD_GAP: f64 = 0.18;
/// A gap of this many font sizes parts cells or columns.
const CELL_GAP: f64 = 1.3;

/// A run of text on one baseline. `left`, `right` and `baseline` are in points along and across the direction
/// of its text, so every run reads from left to right and downwards.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    pub(crate) text: String,
    pub(crate) left: f64,
    pub(crate) right: f64,
    pub(crate) baseline: f64,
    pub(crate) size: f64,
    pub(crate) bold: bool,
    /// Where its words stand, from left to right; none where they run from right to left.
    pub(crate) words: Vec<Word>,
}

/// A word of a run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Word {
    /// Its first byte in the run's text.
    pub(crate) start: usize,
    pub(crate) left: f64,
    pub(crate) right: f64,
}

/// The runs of a page by direction, the direction with most text first.
pub(crate) fn runs(content: &Content) -> Vec<(Direction, Vec<Run>)> {
    let mut by_direction: Vec<(usize, Direction, Vec<Run>)> = Vec::new();
    // A text layer counts only over a picture of the page.
    let with_layer = content.images > 0;
    for direction in [
        Direction::Right,
        Direction::Down,
        Direction::Left,
        Direction::Up,
    ] {
        let marks = content.marks.iter();
        let marks: Vec<&Mark> = marks
            .filter(|mark| mark.direction == direction && (with_layer || !mark.invisible))
            .collect();
        if !marks.is_empty() {
            by_direction.push((marks.len(), direction, join(&marks, content)));
        }
    }
    by_direction.sort_by_key(|line| std::cmp::Reverse(line.0));
    by_direction
        .into_iter()
        .map(|(_, direction, runs)| (direction, runs))
        .collect()
}

/// A glyph in the frame of its direction.
struct Placed<'m> {
    mark: &'m Mark,
    left: f64,
    baseline: f64,
    /// A space was painted before it.
    spaced: bool,
}

impl Placed<'_> {
    fn right(&self) -> f64 {
        self.left + self.mark.advance
    }
}

fn join(marks: &[&Mark], content: &Content) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut current: Vec<Placed<'_>> = Vec::new();
    let mut spaced = false;
    for mark in marks {
        let (left, baseline) = frame(mark, content);
        if is_space(&mark.text) {
            spaced = true;
            continue;
        }
        // The same letter painted again in the same place is a shadow or a stroke.
        let again = current.iter().rev().take(80).any(|other| {
            (other.left - left).abs() < 0.12 * mark.size
                && (other.baseline - baseline).abs() < 0.12 * mark.size
                && same(&other.mark.text, &mark.text)
        });
        if again {
            continue;
        }
        let placed = Placed {
            mark,
            left,
            baseline,
            spaced,
        };
        if !current.is_empty() && !continues(&current, &placed) {
            runs.extend(compose(std::mem::take(&mut current)));
        }
        current.push(placed);
        spaced = false;
    }
    runs.extend(compose(current));
    runs
}

/// The glyph's place in its own frame: along the text, and across it downwards.
fn frame(mark: &Mark, content: &Content) -> (f64, f64) {
    match mark.direction {
        Direction::Right => (mark.x, mark.y),
        Direction::Down => (mark.y, content.width - mark.x),
        Direction::Left => (content.width - mark.x, content.height - mark.y),
        Direction::Up => (content.height - mark.y, mark.x),
    }
}

/// True when the glyph belongs to the run: same baseline (or a raised or lowered one), no wide gap.
fn continues(run: &[Placed<'_>], next: &Placed<'_>) -> bool {
    let Some(last) = run.last() else { return true };
    let size = last.mark.size.max(next.mark.size);
    let shift = (last.baseline - next.baseline).abs();
    let first_shift = run
        .first()
        .map_or(0.0, |first| (first.baseline - next.baseline).abs());
    if shift > 0.55 * size || first_shift > 0.7 * size {
        return false;
    }
    let after = next.left - last.right();
    // Right-to-left text is painted leftwards.
    let before = last.left - next.right();
    let close = |gap: f64| gap > -0.35 * size && gap < CELL_GAP * size;
    close(after) || (is_rtl_text(&next.mark.text) || is_rtl_text(&last.mark.text)) && close(before)
}

fn compose(mut glyphs: Vec<Placed<'_>>) -> Option<Run> {
    let letters = glyphs
        .iter()
        .filter(|glyph| is_letter(&glyph.mark.text))
        .count();
    let rtl = glyphs
        .iter()
        .filter(|glyph| is_rtl_text(&glyph.mark.text))
        .count();
    let largest = glyphs
        .iter()
        .map(|glyph| glyph.mark.size)
        .fold(0.0, f64::max);
    // The size of most of the run, not of a raised index or a large initial.
    let mut sizes: Vec<f64> = glyphs.iter().map(|glyph| glyph.mark.size).collect();
    sizes.sort_by(f64::total_cmp);
    let size = *sizes.get(sizes.len() / 2)?;
    let baseline = glyphs
        .iter()
        .find(|glyph| glyph.mark.size >= 0.9 * size)?
        .baseline;
    let left = glyphs
        .iter()
        .map(|glyph| glyph.left)
        .fold(f64::INFINITY, f64::min);
    let right = glyphs
        .iter()
        .map(Placed::right)
        .fold(f64::NEG_INFINITY, f64::max);
    let bold = glyphs.iter().filter(|glyph| glyph.mark.bold).count() * 2 > glyphs.len();
    let (text, words) = if rtl * 2 > letters && rtl > 0 {
        (right_to_left(&mut glyphs).trim().to_owned(), Vec::new())
    } else {
        left_to_right(&glyphs, largest.min(size * 1.5))
    };
    (!text.is_empty()).then_some(Run {
        text,
        words,
        left,
        right,
        baseline,
        size,
        bold,
    })
}

fn left_to_right(glyphs: &[Placed<'_>], size: f64) -> (String, Vec<Word>) {
    let mut text = String::new();
    let mut words: Vec<Word> = Vec::new();
    for glyph in glyphs {
        let gap = words.last().map(|word| glyph.left - word.right);
        let is_next =
            gap.is_none_or(|gap| glyph.spaced || gap > WORD_GAP * glyph.mark.size.min(size));
        match words.last_mut() {
            Some(word) if !is_next => word.right = glyph.right(),
            _ => {
                if !text.is_empty() {
                    text.push(' ');
                }
                words.push(Word {
                    start: text.len(),
                    left: glyph.left,
                    right: glyph.right(),
                });
            }
        }
        push(&mut text, &glyph.mark.text);
    }
    text.truncate(text.trim_end().len());
    (text, words)
}

/// Visual order -> reading order: from the right, with words of left-to-right scripts and numbers kept.
fn right_to_left(glyphs: &mut [Placed<'_>]) -> String {
    glyphs.sort_by(|one, other| other.left.total_cmp(&one.left));
    let mut parts: Vec<(String, bool)> = Vec::new();
    let mut end: Option<f64> = None;
    for glyph in glyphs.iter() {
        let gap = end.map_or(0.0, |end| end - glyph.right());
        if gap > WORD_GAP * glyph.mark.size || glyph.spaced && gap > 0.1 * glyph.mark.size {
            parts.push((" ".to_owned(), false));
        }
        let mut text = String::new();
        push(&mut text, &glyph.mark.text);
        let foreign = text
            .chars()
            .any(|character| character.is_ascii_alphanumeric());
        parts.push((text, foreign));
        end = Some(glyph.left);
    }
    let mut from = 0;
    while from < parts.len() {
        let length = parts[from..]
            .iter()
            .take_while(|(_, foreign)| *foreign)
            .count();
        parts[from..from + length].reverse();
        from += length.max(1);
    }
    parts.into_iter().map(|(text, _)| text).collect()
}

fn push(text: &mut String, letters: &BfString) {
    match letters {
        BfString::Char(character) => push_plain(text, *character),
        BfString::String(string) => string
            .chars()
            .for_each(|character| push_plain(text, character)),
    }
}

/// Arabic letters by their form at a place in a word become the letters themselves.
fn push_plain(text: &mut String, character: char) {
    match character {
        '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}' => text.extend(character.nfkc()),
        _ => text.push(character),
    }
}

fn is_space(text: &BfString) -> bool {
    match text {
        BfString::Char(character) => character.is_whitespace() || character.is_control(),
        BfString::String(string) => string.chars().all(char::is_whitespace),
    }
}

fn same(one: &BfString, other: &BfString) -> bool {
    match (one, other) {
        (BfString::Char(one), BfString::Char(other)) => one == other,
        (BfString::String(one), BfString::String(other)) => one == other,
        _ => false,
    }
}

fn first_char(text: &BfString) -> char {
    match text {
        BfString::Char(character) => *character,
        BfString::String(string) => string.chars().next().unwrap_or(' '),
    }
}

fn is_letter(text: &BfString) -> bool {
    first_char(text).is_alphabetic()
}

fn is_rtl_text(text: &BfString) -> bool {
    matches!(first_char(text), '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}')
}
