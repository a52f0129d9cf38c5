//! Where a text is cut into messages.
//!
//! Telegram counts UTF-16 units after it has read the entities (T11): 4096 a message, 1024 under a picture. Bytes
//! need no count of their own: 4096 units are at most 12,288 bytes of UTF-8, and 32,768 are allowed. Nothing is
//! trimmed: the parts' texts one after the other are the whole text. A cut lies between paragraphs, lines,
//! sentences or words where it can; never within a character as people see it, and never within an entity, unless
//! that is longer than a message: then it goes on in the next part, code in its language.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use crate::format::Formatted;
use crate::format::clean;
use crate::format::entity::Entity;

/// The longest text of a message, in UTF-16 units.
pub const MAX_TEXT: usize = 4_096;
/// The longest text under a picture or file, in UTF-16 units.
pub const MAX_CAPTION: usize = 1_024;
/// The largest text, in bytes.
pub const MAX_TEXT_BYTES: usize = 32_768;
/// The longest name of a topic, in UTF-16 units (Telegram counts characters, which are no more).
pub const MAX_TITLE: usize = 128;
/// Entities of one message. Telegram takes 100; those that were begun in the part before are a few.
pub const MAX_ENTITIES: usize = 100;

/// Entities that may begin in one part: at most as many as are open around them fewer than Telegram takes.
const MAX_BEGUN: usize = MAX_ENTITIES - 10;

/// The parts of a text, each at most [`MAX_TEXT`] units long; none for an empty one.
pub fn split(whole: &Formatted) -> Vec<Formatted> {
    cut(whole, MAX_TEXT)
}

/// The parts of a text of which the first stands under a picture or file and has at most [`MAX_CAPTION`] units.
pub fn split_captioned(whole: &Formatted) -> Vec<Formatted> {
    cut(whole, MAX_CAPTION)
}

/// How many UTF-16 units a text has.
pub fn utf16_len(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// The beginning of a text that has at most `units` UTF-16 units, cut between characters as people see them.
pub fn clip_utf16(text: &str, units: usize) -> &str {
    let mut left = units;
    for (at, grapheme) in text.grapheme_indices(true) {
        let length = utf16_len(grapheme);
        if length <= left {
            left -= length;
            continue;
        }
        // A character of more marks than fit is cut itself rather than nothing be left of it.
        if at > 0 {
            return &text[..at];
        }
        let end = grapheme
            .char_indices()
            .find(|(end, c)| utf16_len(&grapheme[..*end]) + c.len_utf16() > units);
        return &text[..end.map_or(grapheme.len(), |(end, _)| end)];
    }
    text
}

/// A name as the title of a topic: one line of 1 to [`MAX_TITLE`] units that can be seen.
pub fn title_of(name: &str) -> String {
    let line = clean::line(name);
    let title = clip_utf16(&line, MAX_TITLE).trim_end();
    match title.contains(clean::is_visible) {
        true => title.to_owned(),
        false => "—".to_owned(),
    }
}

fn cut(whole: &Formatted, first: usize) -> Vec<Formatted> {
    let mut parts = Vec::new();
    let mut limit = first;
    let (mut byte, mut unit) = (0, 0);
    while byte < whole.text.len() {
        let (next_byte, next_unit) = next_cut(whole, byte, unit, limit);
        parts.push(part(whole, byte..next_byte, unit..next_unit));
        (byte, unit) = (next_byte, next_unit);
        limit = MAX_TEXT;
    }
    parts
}

/// Where the part that begins at `byte` (which is `unit`) ends: byte and unit.
fn next_cut(whole: &Formatted, byte: usize, unit: usize, limit: usize) -> (usize, usize) {
    let rest = &whole.text[byte..];
    let begun = whole
        .entities
        .partition_point(|entity| entity.offset < unit);
    let first_too_many = whole.entities.get(begun + MAX_BEGUN);
    let end = first_too_many
        .map(|entity| entity.offset)
        .filter(|offset| *offset > unit)
        .map_or(unit + limit, |offset| offset.min(unit + limit));
    let mut whole_ones = kept_whole(&whole.entities, unit..end, limit)
        .into_iter()
        .peekable();
    let mut best: Option<(u8, usize, usize)> = None;
    let mut any = None;
    let mut at = unit;
    let mut has_words = false;
    for (start, grapheme) in rest.grapheme_indices(true) {
        at += utf16_len(grapheme);
        if at > end {
            break;
        }
        let cut = start + grapheme.len();
        any = Some((byte + cut, at));
        if cut == rest.len() {
            return (byte + cut, at);
        }
        has_words |= !grapheme.trim().is_empty();
        while whole_ones.peek().is_some_and(|range| range.end <= at) {
            whole_ones.next();
        }
        let is_within = whole_ones.peek().is_some_and(|range| range.start < at);
        if is_within || !has_words {
            continue;
        }
        let score = score(&rest[..cut], &rest[cut..], (at - unit) * 2 >= limit);
        if best.is_none_or(|(best, _, _)| score >= best) {
            best = Some((score, byte + cut, at));
        }
    }
    if let Some((_, byte, unit)) = best {
        return (byte, unit);
    }
    any.unwrap_or_else(|| within_grapheme(rest, byte, unit, end))
}

/// Of a character that alone is longer than a part: as much as fits.
fn within_grapheme(rest: &str, byte: usize, unit: usize, end: usize) -> (usize, usize) {
    let mut at = unit;
    for (start, c) in rest.char_indices() {
        if at + c.len_utf16() > end && start > 0 {
            return (byte + start, at);
        }
        at += c.len_utf16();
    }
    (byte + rest.len(), at)
}

/// How good a cut is: the kind of border, and whether the part is at least half full.
fn score(before: &str, after: &str, is_half_full: bool) -> u8 {
    let border = border(before, after);
    match (border, is_half_full) {
        (0, _) => 0,
        (_, false) => 1,
        (_, true) => border + 1,
    }
}

/// 0 within a word or white space, then word, sentence, line, paragraph.
fn border(before: &str, after: &str) -> u8 {
    let stands_in_white = after.starts_with(char::is_whitespace);
    // A citation stays with its sentence.
    if stands_in_white || after.starts_with('[') || !before.ends_with(char::is_whitespace) {
        return 0;
    }
    if before.ends_with("\n\n") {
        return 4;
    }
    if before.ends_with('\n') {
        return 3;
    }
    let ends_sentence = before
        .trim_end()
        .ends_with(['.', '!', '?', '…', ';', '。', '！', '？', '؟', ']']);
    if ends_sentence { 2 } else { 1 }
}

/// The stretches that are not cut: entities that fit into a part, in order, those within others left out.
fn kept_whole(entities: &[Entity], window: Range<usize>, limit: usize) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for (number, entity) in entities.iter().enumerate() {
        if entity.offset >= window.end {
            break;
        }
        if entity.end() <= window.start || !fits(entities, number, limit) {
            continue;
        }
        match found.last_mut() {
            Some(last) if entity.offset < last.end => last.end = last.end.max(entity.end()),
            _ => found.push(entity.offset..entity.end()),
        }
    }
    found
}

/// True when an entity with all that begins in it fits into a part of so many units.
fn fits(entities: &[Entity], number: usize, limit: usize) -> bool {
    let entity = &entities[number];
    let first = entities.partition_point(|other| other.offset < entity.offset);
    let behind = entities.partition_point(|other| other.offset < entity.end());
    entity.length <= limit && behind - first <= MAX_BEGUN
}

fn part(whole: &Formatted, bytes: Range<usize>, units: Range<usize>) -> Formatted {
    let text = whole.text[bytes].to_owned();
    let mut entities = Vec::new();
    for entity in &whole.entities {
        if entity.offset >= units.end {
            break;
        }
        let start = entity.offset.max(units.start) - units.start;
        let end = entity.end().min(units.end).saturating_sub(units.start);
        let (start, end) = match entity.kind.is_code() {
            true => (start, end),
            false => without_white(&text, start, end),
        };
        if start < end {
            entities.push(Entity {
                kind: entity.kind.clone(),
                offset: start,
                length: end - start,
            });
        }
    }
    Formatted { text, entities }
}

/// A stretch of units without the white space at its ends.
fn without_white(text: &str, start: usize, end: usize) -> (usize, usize) {
    let mut unit = 0;
    let mut seen: Option<(usize, usize)> = None;
    for c in text.chars() {
        let next = unit + c.len_utf16();
        if unit >= end {
            break;
        }
        if unit >= start && !c.is_whitespace() {
            seen = Some((seen.map_or(unit, |(first, _)| first), next));
        }
        unit = next;
    }
    seen.unwrap_or((start, start))
}

#[cfg(test)]
mod tests;
