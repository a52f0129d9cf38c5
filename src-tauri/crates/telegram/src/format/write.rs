//! Text as it grows, with the entities that are open in it.
//!
//! Holds three promises for [`crate::split`]: entities are properly nested and hold no white space at their ends,
//! code holds nothing and is in nothing but a quotation, and no more than [`MOST_UNSEEN`] unseen characters follow
//! each other.

use super::Formatted;
use super::clean::{clean, is_visible};
use super::entity::{Entity, EntityKind};

/// Unseen characters in a row; more are dropped.
pub(super) const MOST_UNSEEN: usize = 64;
/// Levels of lists that are set further to the right.
const MOST_LEVELS: usize = 10;

#[derive(Default)]
pub(super) struct Writer {
    text: String,
    units: usize,
    unseen: usize,
    entities: Vec<Entity>,
    open: Vec<Open>,
    gap: usize,
    marker: Option<String>,
}

/// An entity that is being written; it begins with its first character.
struct Open {
    kind: EntityKind,
    start: Option<usize>,
    /// True when the same is open around it already.
    is_repeated: bool,
}

impl Writer {
    /// At least so many line feeds before what comes next.
    pub(super) fn gap(&mut self, lines: usize) {
        self.gap = self.gap.max(lines);
    }

    pub(super) fn byte_len(&self) -> usize {
        self.text.len()
    }

    /// The text from a byte on; that of a label includes the line feeds before it.
    pub(super) fn text_from(&self, start: usize) -> &str {
        self.text.get(start..).unwrap_or_default()
    }

    pub(super) fn open(&mut self, kind: EntityKind) {
        let is_repeated = self.open.iter().any(|open| same(&open.kind, &kind));
        self.open.push(Open {
            kind,
            start: None,
            is_repeated,
        });
    }

    pub(super) fn close(&mut self, kind: &EntityKind) {
        let Some(at) = self.open.iter().rposition(|open| same(&open.kind, kind)) else {
            return;
        };
        let open = self.open.remove(at);
        self.keep(&open.kind, open.start, open.is_repeated);
    }

    pub(super) fn put(&mut self, text: &str) {
        let text = clean(text);
        if text.is_empty() {
            return;
        }
        self.begin();
        for open in &mut self.open {
            open.start.get_or_insert(self.units);
        }
        self.append(&text);
    }

    /// Text whose lines stay within their item of a list.
    pub(super) fn put_lines(&mut self, text: &str, level: usize) {
        for (number, line) in text.split('\n').enumerate() {
            if number > 0 {
                self.line_break(level);
            }
            self.put(line);
        }
    }

    /// Code: what is open around it ends before and goes on behind.
    pub(super) fn put_code(&mut self, kind: EntityKind, code: &str) {
        let code = clean(code);
        if !code.chars().any(is_visible) {
            return;
        }
        let mut ended = Vec::new();
        for open in self.open.iter_mut().rev() {
            ended.push((open.kind.clone(), open.start.take(), open.is_repeated));
        }
        for (kind, start, is_repeated) in ended {
            self.keep(&kind, start, is_repeated);
        }
        self.begin();
        let start = self.units;
        self.append(&code);
        self.keep(&kind, Some(start), false);
    }

    pub(super) fn line_break(&mut self, level: usize) {
        self.gap(1);
        if self.marker.is_none() && level > 0 {
            self.marker = Some(indent(level));
        }
    }

    /// The next text begins an item of a list.
    pub(super) fn item(&mut self, level: usize, marker: &str) {
        self.end_item();
        self.gap(1);
        let before = indent(level.saturating_sub(1));
        self.marker = Some(format!("{before}{marker}"));
    }

    /// The next text is a paragraph of an item: the first stands at its marker.
    pub(super) fn paragraph_of_item(&mut self, level: usize) {
        if self.marker.is_none() {
            self.line_break(level);
        }
    }

    /// An item without any text still shows its marker.
    pub(super) fn end_item(&mut self) {
        match &self.marker {
            Some(marker) if marker.contains(is_visible) => self.begin(),
            _ => self.marker = None,
        }
        self.gap(1);
    }

    pub(super) fn finish(mut self) -> Formatted {
        while let Some(open) = self.open.pop() {
            self.keep(&open.kind, open.start, open.is_repeated);
        }
        let mut text = self.text;
        text.truncate(text.trim_end().len());
        let mut entities = self.entities;
        entities.sort_by(|a, b| a.offset.cmp(&b.offset).then(b.length.cmp(&a.length)));
        Formatted { text, entities }
    }

    /// Line feeds and the marker that stand before what comes next.
    pub(super) fn begin(&mut self) {
        let gap = std::mem::take(&mut self.gap);
        if !self.text.is_empty() {
            self.append(&"\n".repeat(gap));
        }
        if let Some(marker) = self.marker.take() {
            self.append(&marker);
        }
    }

    fn append(&mut self, text: &str) {
        for c in text.chars() {
            if is_visible(c) {
                self.unseen = 0;
            } else {
                self.unseen += 1;
            }
            let is_leading_white = self.text.is_empty() && c.is_whitespace();
            if self.unseen > MOST_UNSEEN || is_leading_white {
                continue;
            }
            self.text.push(c);
            self.units += c.len_utf16();
        }
    }

    /// An entity from `start` to here, without white space at its ends.
    fn keep(&mut self, kind: &EntityKind, start: Option<usize>, is_repeated: bool) {
        let Some(start) = start.filter(|_| !is_repeated) else {
            return;
        };
        let Some(from) = self.byte_of(start) else {
            return;
        };
        let piece = &self.text[from..];
        let white_after = piece[piece.trim_end().len()..].encode_utf16().count();
        let white_before = match kind.is_code() {
            true => 0,
            false => piece[..piece.len() - piece.trim_start().len()]
                .encode_utf16()
                .count(),
        };
        let offset = start + white_before;
        let end = self.units.saturating_sub(white_after);
        if offset < end {
            self.entities.push(Entity {
                kind: kind.clone(),
                offset,
                length: end - offset,
            });
        }
    }

    /// The byte at which a UTF-16 unit near the end begins.
    fn byte_of(&self, unit: usize) -> Option<usize> {
        let mut units = self.units;
        if units == unit {
            return Some(self.text.len());
        }
        for (at, c) in self.text.char_indices().rev() {
            units -= c.len_utf16();
            if units <= unit {
                return (units == unit).then_some(at);
            }
        }
        None
    }
}

/// Links of two addresses are the same kind: one never stands in another.
fn same(a: &EntityKind, b: &EntityKind) -> bool {
    std::mem::discriminant(a) == std::mem::discriminant(b)
}

fn indent(level: usize) -> String {
    "   ".repeat(level.min(MOST_LEVELS))
}
