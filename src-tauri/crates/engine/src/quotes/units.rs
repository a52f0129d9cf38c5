//! Passages cut into what can be quoted: sentences, rows of a table, lists with the line that introduces
//! them.

use std::ops::Range;

use domain::sentence;

use crate::ask::Given;

/// The longest list that is quoted as a whole, in bytes.
const LONGEST_LIST: usize = 900;
/// A line longer than this is no item of a list, in characters.
const LONGEST_ITEM: usize = 160;

/// Something that can be quoted by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unit {
    /// Index of its passage among those given.
    pub(super) passage: usize,
    /// Its number within the passage, from 0.
    pub(super) ordinal: usize,
    /// Bytes of the passage's text.
    pub(super) range: Range<usize>,
    /// What it is.
    pub(super) shape: Shape,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Sentence,
    Row,
    /// An introducing line with its items.
    List,
}

pub(super) fn units(passages: &[Given]) -> Vec<Unit> {
    let mut all = Vec::new();
    for (passage, given) in passages.iter().enumerate() {
        let pieces = if given.table {
            rows(&given.text)
        } else {
            sentences_and_lists(&given.text)
        };
        for (ordinal, (range, shape)) in pieces.into_iter().enumerate() {
            all.push(Unit {
                passage,
                ordinal,
                range,
                shape,
            });
        }
    }
    all
}

fn rows(text: &str) -> Vec<(Range<usize>, Shape)> {
    let lines = lines(text).into_iter();
    lines.map(|range| (range, Shape::Row)).collect()
}

fn sentences_and_lists(text: &str) -> Vec<(Range<usize>, Shape)> {
    let mut pieces = Vec::new();
    let mut rest = 0;
    for list in lists(text) {
        push_sentences(text, rest..list.start, &mut pieces);
        rest = list.end;
        pieces.push((list, Shape::List));
    }
    push_sentences(text, rest..text.len(), &mut pieces);
    pieces
}

fn push_sentences(text: &str, part: Range<usize>, pieces: &mut Vec<(Range<usize>, Shape)>) {
    for sentence in sentence::sentences(&text[part.clone()]) {
        let range = trimmed(text, part.start + sentence.start..part.start + sentence.end);
        if !range.is_empty() {
            pieces.push((range, Shape::Sentence));
        }
    }
}

/// Lists: a line that ends with a colon, and two or more short lines after it.
fn lists(text: &str) -> Vec<Range<usize>> {
    let lines = lines(text);
    let mut found = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let introduces = text[lines[at].clone()].ends_with(':');
        let mut end = at + 1;
        while introduces && end < lines.len() && is_item(text, &lines, end) {
            end += 1;
        }
        let items = end - at - 1;
        let range = lines[at].start..lines[end - 1].end;
        if items >= 2 && range.len() <= LONGEST_LIST {
            found.push(range);
            at = end;
        } else {
            at += 1;
        }
    }
    found
}

fn is_item(text: &str, lines: &[Range<usize>], at: usize) -> bool {
    let line = &text[lines[at].clone()];
    let is_marked = line.starts_with(['-', '•', '–', '—', '*', '·'])
        || line.starts_with(|c: char| c.is_ascii_digit());
    let is_short = line.chars().count() <= LONGEST_ITEM && !line.ends_with(':');
    // A full stop inside means running text, not an item.
    let is_running = sentence::sentences(line).len() > 1;
    let gap = &text[lines[at - 1].end..lines[at].start];
    let after_empty_line = gap.matches('\n').count() > 1;
    is_short && (is_marked || (!is_running && !after_empty_line))
}

fn lines(text: &str) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let range = trimmed(text, start..start + line.len());
        start += line.len();
        if !range.is_empty() {
            lines.push(range);
        }
    }
    lines
}

fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let part = &text[range.clone()];
    let start = range.start + (part.len() - part.trim_start().len());
    let end = start + part.trim().len();
    start..end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str, table: bool) -> Vec<String> {
        let given = Given {
            text: text.to_owned(),
            table,
            ..Given::default()
        };
        let units = units(&[given]);
        units
            .iter()
            .map(|unit| text[unit.range.clone()].to_owned())
            .collect()
    }

    #[test]
    fn a_list_stays_with_the_line_that_introduces_it() {
        let text =
            "We take payment in three ways:\n- cash\n- card\n- transfer\n\nOrders ship daily.";
        assert_eq!(
            cut(text, false),
            [
                "We take payment in three ways:\n- cash\n- card\n- transfer",
                "Orders ship daily."
            ]
        );
    }

    #[test]
    fn a_table_is_cut_into_rows() {
        assert_eq!(
            cut("Zone: North; Price: 300\nZone: South; Price: 400", true),
            ["Zone: North; Price: 300", "Zone: South; Price: 400"]
        );
    }
}
