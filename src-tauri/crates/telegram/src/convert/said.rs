//! What is said in a message: its words, and what came with them.

use domain::conversation::{Attachment, AttachmentKind, MAX_ATTACHMENTS, MAX_QUESTION};
use serde_json::Value;

use super::field::{clip, is_there, name, text};
use crate::format::clean;

/// The longest text about an attachment, in characters.
const MAX_DETAIL: usize = 300;
/// How deep words are looked for in a message of an unknown kind.
const MAX_DEPTH: usize = 12;

/// The words of a message or under its picture.
pub(super) fn words(value: &Value) -> String {
    let plain = [&value["text"], &value["caption"]]
        .into_iter()
        .map(text)
        .find(|words| !words.is_empty());
    let words = match plain {
        Some(words) => words.to_owned(),
        None if is_there(&value["checklist"]) => checklist(&value["checklist"]),
        None => gathered(&value["rich_message"]),
    };
    tidy(&words)
}

/// Any words of a message of an unknown kind.
pub(super) fn any_words(value: &Value) -> String {
    let known = words(value);
    if known.is_empty() {
        tidy(&gathered(value))
    } else {
        known
    }
}

/// Words of at most [`MAX_QUESTION`] characters, cleaned.
pub(super) fn tidy(words: &str) -> String {
    clip(clean::clean(words).trim(), MAX_QUESTION).to_owned()
}

fn checklist(list: &Value) -> String {
    let tasks = list["tasks"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    let lines = tasks
        .iter()
        .map(|task| format!("• {}", text(&task["text"])));
    let mut words = text(&list["title"]).to_owned();
    for line in lines {
        words.push('\n');
        words.push_str(&line);
    }
    words
}

/// All that stands in fields that hold words, in order.
fn gathered(value: &Value) -> String {
    let mut found = Vec::new();
    gather(value, 0, &mut found);
    found.join("\n")
}

fn gather<'a>(value: &'a Value, depth: usize, found: &mut Vec<&'a str>) {
    if depth > MAX_DEPTH {
        return;
    }
    match value {
        Value::Array(items) => items.iter().for_each(|item| match item {
            Value::String(words) => found.push(words),
            _ => gather(item, depth + 1, found),
        }),
        Value::Object(fields) => {
            for (field, value) in fields {
                match (field.as_str(), value) {
                    ("text" | "caption" | "title" | "question" | "value", Value::String(words)) => {
                        found.push(words);
                    }
                    // Who and where is no word of theirs, and neither is what they reply to.
                    (
                        "chat" | "from" | "sender_chat" | "via_bot" | "reply_to_message"
                        | "external_reply" | "reply_markup" | "entities" | "caption_entities",
                        _,
                    ) => {}
                    (_, Value::Array(_) | Value::Object(_)) => gather(value, depth + 1, found),
                    _ => {}
                }
            }
        }
        _ => {}
    }
}

/// What came with a message.
pub(super) fn attachments(value: &Value) -> Vec<Attachment> {
    let mut found = Vec::new();
    if let Some(photo) = value["photo"].as_array().and_then(|sizes| largest(sizes)) {
        found.push(file(AttachmentKind::Photo, photo));
    }
    // An animation is told as a document too, and a live photo as a photo.
    let has_animation = is_there(&value["animation"]);
    for (field, kind) in FILES {
        if *field == "document" && has_animation || !value[*field].is_object() {
            continue;
        }
        found.push(file(*kind, &value[*field]));
    }
    if value["sticker"].is_object() {
        found.push(Attachment {
            name: text(&value["sticker"]["emoji"]).to_owned(),
            ..file(AttachmentKind::Sticker, &value["sticker"])
        });
    }
    if let Some(place) = place(value) {
        found.push(place);
    }
    if value["contact"].is_object() {
        found.push(contact(&value["contact"]));
    }
    found.truncate(MAX_ATTACHMENTS);
    found
}

const FILES: &[(&str, AttachmentKind)] = &[
    ("voice", AttachmentKind::Voice),
    ("audio", AttachmentKind::Audio),
    ("video", AttachmentKind::Video),
    ("video_note", AttachmentKind::Video),
    ("animation", AttachmentKind::Video),
    ("document", AttachmentKind::Document),
];

fn largest(sizes: &[Value]) -> Option<&Value> {
    sizes.iter().max_by_key(|size| {
        size["width"].as_u64().unwrap_or(0) * size["height"].as_u64().unwrap_or(0)
    })
}

fn file(kind: AttachmentKind, value: &Value) -> Attachment {
    let file_name = [&value["file_name"], &value["title"]]
        .into_iter()
        .map(text)
        .find(|name| !name.is_empty());
    Attachment {
        kind,
        remote_file: text(&value["file_id"]).to_owned(),
        name: name(&[file_name.unwrap_or_default()]),
        media_type: clip(text(&value["mime_type"]), 100).to_owned(),
        size: value["file_size"].as_u64().unwrap_or_default(),
        detail: String::new(),
    }
}

/// A place, with the name and address of what is there.
fn place(value: &Value) -> Option<Attachment> {
    let venue = &value["venue"];
    let location = match venue.is_object() {
        true => &venue["location"],
        false => &value["location"],
    };
    let latitude = location["latitude"].as_f64()?;
    let longitude = location["longitude"].as_f64()?;
    let named = [text(&venue["title"]), text(&venue["address"])];
    let named: Vec<&str> = named
        .into_iter()
        .filter(|words| !words.is_empty())
        .collect();
    Some(Attachment {
        kind: AttachmentKind::Location,
        remote_file: String::new(),
        name: name(&[&named.join(", ")]),
        media_type: String::new(),
        size: 0,
        detail: format!("{latitude},{longitude}"),
    })
}

fn contact(value: &Value) -> Attachment {
    let named = name(&[text(&value["first_name"]), text(&value["last_name"])]);
    let number = text(&value["phone_number"]);
    Attachment {
        kind: AttachmentKind::Contact,
        remote_file: String::new(),
        detail: clip(&clean::line(&format!("{number} {named}")), MAX_DETAIL).to_owned(),
        name: named,
        media_type: String::new(),
        size: 0,
    }
}
