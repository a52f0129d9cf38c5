//! Marks in texts: finding those the server makes itself, checking those a bot gives. Offsets and lengths are
//! in UTF-16 units, as Telegram counts (T11).

use serde_json::{Map, Value, json};

use crate::failure::Failure;
use crate::markup;
use crate::message::Formatted;
use crate::parameters::Parameters;

/// Most UTF-16 units of a message (T11).
pub(crate) const MOST_TEXT: usize = 4096;
/// Most UTF-16 units of a caption (T11).
pub(crate) const MOST_CAPTION: usize = 1024;
/// Most bytes of a text before it is even parsed (T11; Client.cpp:11309).
const MOST_BYTES: usize = 32_768;

/// UTF-16 units.
pub(crate) fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

/// A bot's words with their marks: from `entities` or `parse_mode`, checked, trimmed as the server trims.
///
/// Also gives what the server takes and is wrong all the same.
pub(crate) fn given(
    parameters: &Parameters,
    text: &str,
    entities: &str,
) -> Result<(Formatted, Vec<String>), Failure> {
    let raw = parameters.text(text);
    if raw.len() > MOST_BYTES {
        return Err(Failure::bad("text is too long"));
    }
    let raw = cleaned(&raw);
    let mode = parameters.text("parse_mode");
    let marks = parameters.json(entities, "entities")?;
    let mut formatted = match (mode.to_lowercase().as_str(), marks) {
        ("", Some(Value::Array(marks))) => Formatted {
            entities: checked(&raw, marks)?,
            text: raw,
        },
        ("", Some(_)) => {
            return Err(Failure::bad("can't parse entities: expected an array"));
        }
        ("", None) => Formatted {
            text: raw,
            entities: Vec::new(),
        },
        ("html", _) => markup::html(&raw)?,
        ("markdownv2", _) => markup::markdown(&raw, markup::Flavour::Two)?,
        ("markdown", _) => markup::markdown(&raw, markup::Flavour::One)?,
        _ => return Err(Failure::bad("unsupported parse_mode")),
    };
    formatted
        .entities
        .sort_by_key(|mark| (at(mark), usize::MAX - length(mark)));
    let wrong = overlaps(&formatted.entities);
    trim(&mut formatted);
    for found in found_in(&formatted.text) {
        let free = formatted.entities.iter().all(|mark| {
            let apart = at(mark) >= end(&found) || end(mark) <= at(&found);
            let inside_style = !matches!(kind(mark), "code" | "pre" | "text_link");
            apart || (inside_style && at(mark) <= at(&found) && end(mark) >= end(&found))
        });
        let known = formatted.entities.contains(&found);
        if free && !known {
            formatted.entities.push(found);
        }
    }
    formatted
        .entities
        .sort_by_key(|mark| (at(mark), usize::MAX - length(mark)));
    Ok((formatted, wrong))
}

/// The server drops what is no text: NUL and other controls; carriage returns too.
fn cleaned(text: &str) -> String {
    let kept = text.chars().filter_map(|letter| match letter {
        '\r' => None,
        '\n' | '\t' => Some(letter),
        letter if letter < ' ' => Some(' '),
        letter => Some(letter),
    });
    kept.collect()
}

/// Refuses marks that stand outside the text or cut a letter in two, in TDLib's own words
/// (`MessageEntity.cpp`).
fn checked(text: &str, marks: Vec<Value>) -> Result<Vec<Value>, Failure> {
    let mut starts = Vec::new();
    for letter in text.chars() {
        starts.push(true);
        starts.extend((1..letter.len_utf16()).map(|_| false));
    }
    let whole = starts.len();
    starts.push(true);
    let mut kept = Vec::with_capacity(marks.len());
    for mark in marks {
        let Value::Object(mark) = mark else {
            return Err(Failure::bad(
                "can't parse MessageEntity: expected an Object",
            ));
        };
        let number = |name: &str| mark.get(name).and_then(Value::as_i64);
        let (Some(offset), Some(length)) = (number("offset"), number("length")) else {
            return Err(Failure::bad(
                "can't parse MessageEntity: field \"offset\" and \"length\" must be of type Number",
            ));
        };
        let Some(kind) = mark.get("type").and_then(Value::as_str) else {
            return Err(Failure::bad(
                "can't parse MessageEntity: field \"type\" must be of type String",
            ));
        };
        let (Ok(from), Ok(long)) = (usize::try_from(offset), usize::try_from(length)) else {
            return Err(Failure::bad(format!(
                "receive an entity with incorrect offset {offset} or length {length}"
            )));
        };
        if from.saturating_add(long) > whole {
            return Err(Failure::bad(format!(
                "entity beginning at UTF-16 offset {offset} ends after the end of the text at byte offset {}",
                text.len()
            )));
        }
        if !starts[from] || !starts[from + long] {
            return Err(Failure::bad(
                "entity begins or ends in a middle of a UTF-16 symbol",
            ));
        }
        let needs = match kind {
            "text_link" => Some("url"),
            "text_mention" => Some("user"),
            "custom_emoji" => Some("custom_emoji_id"),
            _ => None,
        };
        if let Some(needs) = needs.filter(|needs| !mark.contains_key(*needs)) {
            return Err(Failure::bad(format!(
                "can't parse MessageEntity: can't find field \"{needs}\""
            )));
        }
        // The server forgets empty marks and kinds it makes itself.
        if long > 0 && STYLES.contains(&kind) {
            kept.push(Value::Object(mark));
        }
    }
    Ok(kept)
}

/// Kinds a bot may give; the others the server finds.
const STYLES: [&str; 12] = [
    "bold",
    "italic",
    "underline",
    "strikethrough",
    "spoiler",
    "blockquote",
    "expandable_blockquote",
    "code",
    "pre",
    "text_link",
    "text_mention",
    "custom_emoji",
];

/// The server mends marks that overlap without nesting, and drops styles in code; whoever sends such marks has
/// a mistake in the formatter.
fn overlaps(marks: &[Value]) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut open: Vec<&Value> = Vec::new();
    for mark in marks {
        while open.last().is_some_and(|outer| end(outer) <= at(mark)) {
            open.pop();
        }
        if let Some(outer) = open.last() {
            if end(mark) > end(outer) {
                wrong.push(format!(
                    "entities overlap without nesting: {} at {} and {} at {}",
                    kind(outer),
                    at(outer),
                    kind(mark),
                    at(mark)
                ));
            }
            if matches!(kind(outer), "code" | "pre") || matches!(kind(mark), "code" | "pre") {
                let quote = kind(outer).ends_with("blockquote");
                if !quote {
                    wrong.push(format!(
                        "{} at {} cannot be combined with {}",
                        kind(mark),
                        at(mark),
                        kind(outer)
                    ));
                }
            }
        }
        open.push(mark);
    }
    wrong
}

/// Space at both ends goes, and marks with it.
fn trim(formatted: &mut Formatted) {
    let kept = formatted.text.trim_end();
    let all = units(kept);
    let front = kept.len() - kept.trim_start().len();
    let lead = units(&kept[..front]);
    let first = formatted.entities.first().map(at);
    // A marked space in front stays.
    let lead = match first {
        Some(first) if first < lead => 0,
        _ => lead,
    };
    let text = match lead {
        0 => kept.to_owned(),
        _ => kept[front..].to_owned(),
    };
    let mut entities = Vec::with_capacity(formatted.entities.len());
    for mut mark in std::mem::take(&mut formatted.entities) {
        let stop = end(&mark).min(all);
        let start = at(&mark);
        if start >= stop {
            continue;
        }
        mark["offset"] = json!(start - lead);
        mark["length"] = json!(stop - start);
        entities.push(mark);
    }
    *formatted = Formatted { text, entities };
}

pub(crate) fn at(mark: &Value) -> usize {
    number(mark, "offset")
}

pub(crate) fn length(mark: &Value) -> usize {
    number(mark, "length")
}

fn end(mark: &Value) -> usize {
    at(mark) + length(mark)
}

fn kind(mark: &Value) -> &str {
    mark.get("type").and_then(Value::as_str).unwrap_or_default()
}

fn number(mark: &Value, name: &str) -> usize {
    let number = mark.get(name).and_then(Value::as_u64).unwrap_or(0);
    usize::try_from(number).unwrap_or(0)
}

/// The marks the server makes in any text: commands, mentions, hashtags, links, e-mail addresses.
pub(crate) fn found_in(text: &str) -> Vec<Value> {
    let mut found = Vec::new();
    let mut offset = 0;
    for word in words(text) {
        if let Some((skip, kept, kind)) = kind_of(word) {
            let mark = json!({
                "type": kind,
                "offset": offset + units(&word[..skip]),
                "length": units(kept),
            });
            found.push(mark);
        }
        offset += units(word);
    }
    found
}

/// Words and the spaces between them, in turn.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let space = first.is_whitespace();
        let end = rest.find(|letter: char| letter.is_whitespace() != space);
        let (word, after) = rest.split_at(end.unwrap_or(rest.len()));
        rest = after;
        Some(word)
    })
}

/// What a word is: bytes before it, the part that counts, its kind.
fn kind_of(word: &str) -> Option<(usize, &str, &'static str)> {
    let opened = word.trim_start_matches(['(', '[', '"', '«', '\'']);
    let skip = word.len() - opened.len();
    let name = |text: &str| {
        let stop = text.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
        stop.unwrap_or(text.len())
    };
    if let Some(rest) = opened.strip_prefix('/') {
        let mut stop = name(rest);
        if !(1..=64).contains(&stop) {
            return None;
        }
        if let Some(bot) = rest[stop..].strip_prefix('@') {
            let long = name(bot);
            if (3..=32).contains(&long) {
                stop += 1 + long;
            }
        }
        // A path is no command.
        let path = rest[stop..].starts_with('/');
        return (!path).then(|| (skip, &opened[..=stop], "bot_command"));
    }
    if let Some(rest) = opened.strip_prefix('@') {
        let stop = name(rest);
        return (3..=32)
            .contains(&stop)
            .then(|| (skip, &opened[..=stop], "mention"));
    }
    if let Some(rest) = opened.strip_prefix('#') {
        let stop = rest.find(|letter: char| !letter.is_alphanumeric() && letter != '_');
        let stop = stop.unwrap_or(rest.len());
        let letters = rest[..stop].chars().any(char::is_alphabetic);
        return letters.then(|| (skip, &opened[..=stop], "hashtag"));
    }
    let closed = opened.trim_end_matches(['.', ',', ')', ']', '!', '?', ':', ';', '"', '»', '\'']);
    let lower = closed.to_lowercase();
    for scheme in ["http://", "https://", "www."] {
        if lower
            .strip_prefix(scheme)
            .is_some_and(|host| host.contains('.'))
        {
            return Some((skip, closed, "url"));
        }
    }
    if let Some((who, host)) = closed.split_once('@') {
        let plain = |text: &str| {
            text.chars()
                .all(|letter| letter.is_ascii_alphanumeric() || ".-_+".contains(letter))
        };
        let good = !who.is_empty() && plain(who) && plain(host) && ends_as_domain(host);
        return good.then_some((skip, closed, "email"));
    }
    let host = closed.split('/').next().unwrap_or_default();
    let is_host = host.is_ascii() && !host.starts_with('.') && ends_as_domain(host);
    is_host.then_some((skip, closed, "url"))
}

/// A few of the endings the server knows; a text with others stays unmarked, as with the real server's list.
fn ends_as_domain(host: &str) -> bool {
    let Some((before, ending)) = host.rsplit_once('.') else {
        return false;
    };
    let known = [
        "com", "org", "net", "ru", "de", "io", "me", "info", "example",
    ];
    !before.is_empty() && known.contains(&ending.to_lowercase().as_str())
}

/// Makes a mark.
pub(crate) fn mark(kind: &str, offset: usize, length: usize) -> Map<String, Value> {
    let mut mark = Map::new();
    mark.insert("type".into(), json!(kind));
    mark.insert("offset".into(), json!(offset));
    mark.insert("length".into(), json!(length));
    mark
}
