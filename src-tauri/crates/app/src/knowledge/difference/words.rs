//! Words inside a changed line.

use std::collections::HashMap;
use std::time::Instant;

use similar::{Algorithm, DiffOp, capture_diff_slices_deadline};

/// Unchanged words that stay beside a change, in characters; what lies between is left out.
const CONTEXT: usize = 90;

/// Some words of a changed line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Whether they stayed.
    pub kind: PartKind,
    /// The words. Where many unchanged ones were left out stands ` … `.
    pub text: String,
}

/// What happened to some words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartKind {
    /// They are as they were.
    Same,
    /// They are new.
    Added,
    /// They are gone.
    Removed,
}

/// How much two lines have in common, 0..=1: Dice's coefficient over their words.
pub(super) fn likeness(old: &str, new: &str) -> f32 {
    let mut counts: HashMap<String, i32> = HashMap::new();
    let mut total = 0;
    for word in old.split_whitespace() {
        *counts.entry(word.to_lowercase()).or_default() += 1;
        total += 1;
    }
    let mut common = 0;
    for word in new.split_whitespace() {
        total += 1;
        if let Some(count) = counts.get_mut(&word.to_lowercase())
            && *count > 0
        {
            *count -= 1;
            common += 1;
        }
    }
    match total {
        0 => 0.0,
        total => 2.0 * common as f32 / total as f32,
    }
}

/// The words of a line: those that stayed, went and came.
pub(super) fn parts(old: &str, new: &str, deadline: Instant) -> Vec<Part> {
    let old_words = pieces(old);
    let new_words = pieces(new);
    let ops =
        capture_diff_slices_deadline(Algorithm::Myers, &old_words, &new_words, Some(deadline));
    let mut parts: Vec<Part> = Vec::new();
    for op in ops {
        let removed = old_words[op.old_range()].concat();
        let added = new_words[op.new_range()].concat();
        match op {
            DiffOp::Equal { .. } => push(&mut parts, PartKind::Same, added),
            _ => {
                push(&mut parts, PartKind::Removed, removed);
                push(&mut parts, PartKind::Added, added);
            }
        }
    }
    let mut parts = joined(parts);
    let last = parts.len().saturating_sub(1);
    for (at, part) in parts.iter_mut().enumerate() {
        if part.kind == PartKind::Same {
            part.text = shortened(&part.text, at == 0, at == last);
        }
    }
    parts
}

/// Words and what stands between them; a number is one piece with its separators.
fn pieces(text: &str) -> Vec<&str> {
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let mut pieces = Vec::new();
    let mut start = 0;
    for at in 1..=chars.len() {
        let end = chars.get(at).map_or(text.len(), |(byte, _)| *byte);
        let is_end = at == chars.len() || {
            let (before, here) = (chars[at - 1].1, chars[at].1);
            let after = chars.get(at + 1).map(|(_, c)| *c);
            let both_words = before.is_alphanumeric() && here.is_alphanumeric();
            let separates = |c: char| matches!(c, '.' | ',' | '\u{a0}' | '\u{202f}');
            let is_digit = |c: char| c.is_ascii_digit();
            let within_number = is_digit(before) && separates(here) && after.is_some_and(is_digit)
                || at > 1 && is_digit(here) && separates(before) && is_digit(chars[at - 2].1);
            let both_spaces = before.is_whitespace() && here.is_whitespace();
            !(both_words || within_number || both_spaces)
        };
        if is_end {
            pieces.push(&text[start..end]);
            start = end;
        }
    }
    pieces
}

fn push(parts: &mut Vec<Part>, kind: PartKind, text: String) {
    if text.is_empty() {
        return;
    }
    match parts.last_mut() {
        Some(last) if last.kind == kind => last.text.push_str(&text),
        _ => parts.push(Part { kind, text }),
    }
}

/// Two changes with nothing but white space between them are one change.
fn joined(parts: Vec<Part>) -> Vec<Part> {
    let mut joined: Vec<Part> = Vec::new();
    let (mut removed, mut added) = (String::new(), String::new());
    let mut rest = parts.into_iter().peekable();
    let settle = |joined: &mut Vec<Part>, removed: &mut String, added: &mut String| {
        push(joined, PartKind::Removed, std::mem::take(removed));
        push(joined, PartKind::Added, std::mem::take(added));
    };
    while let Some(part) = rest.next() {
        match part.kind {
            PartKind::Removed => removed.push_str(&part.text),
            PartKind::Added => added.push_str(&part.text),
            PartKind::Same => {
                let is_between = !removed.is_empty() && !added.is_empty() && rest.peek().is_some();
                if is_between && part.text.chars().all(char::is_whitespace) {
                    removed.push_str(&part.text);
                    added.push_str(&part.text);
                    continue;
                }
                settle(&mut joined, &mut removed, &mut added);
                push(&mut joined, PartKind::Same, part.text);
            }
        }
    }
    settle(&mut joined, &mut removed, &mut added);
    joined
}

/// Unchanged words near a change; `is_first` and `is_last` say on which sides there is none.
fn shortened(text: &str, is_first: bool, is_last: bool) -> String {
    let chars: Vec<char> = text.chars().collect();
    let head = if is_first { 0 } else { CONTEXT };
    let tail = if is_last { 0 } else { CONTEXT };
    if chars.len() <= head + tail + CONTEXT {
        return text.to_owned();
    }
    let start: String = chars[..head].iter().collect();
    let end: String = chars[chars.len() - tail..].iter().collect();
    match (is_first, is_last) {
        (true, true) => text.chars().take(CONTEXT).collect(),
        (true, false) => format!("… {}", end.trim_start()),
        (false, true) => format!("{} …", start.trim_end()),
        (false, false) => format!("{} … {}", start.trim_end(), end.trim_start()),
    }
}
