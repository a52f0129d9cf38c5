//! Fields of an update's JSON. Telegram's ids need up to 52 bits, and a client may write them as numbers or texts.

use domain::delivery::Sender;
use domain::time::Timestamp;
use serde_json::Value;

use crate::format::clean;
use crate::split::clip_utf16;

/// The longest name that is kept, in UTF-16 units (Telegram's own: 64 and 64 and a space).
const MAX_NAME: usize = 129;

/// A whole number.
pub(super) fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

/// A text; empty when there is none.
pub(super) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// True when the field says so.
pub(super) fn is_true(value: &Value) -> bool {
    value.as_bool().unwrap_or_default()
}

/// True when the field is there.
pub(super) fn is_there(value: &Value) -> bool {
    !value.is_null()
}

/// A moment, from seconds since 1970; the beginning of time where there is none.
pub(super) fn moment(value: &Value) -> Timestamp {
    Timestamp(0).plus_seconds(integer(value).unwrap_or_default())
}

/// A person or a bot, from Telegram's `User`; `None` without an id.
pub(super) fn sender(user: &Value) -> Option<Sender> {
    Some(Sender {
        id: integer(&user["id"])?,
        name: name(&[text(&user["first_name"]), text(&user["last_name"])]),
        username: text(&user["username"]).to_owned(),
        language: text(&user["language_code"]).to_owned(),
    })
}

/// A group or channel that speaks, from Telegram's `Chat`; `None` without an id.
pub(super) fn sender_of_chat(chat: &Value, signature: &str) -> Option<Sender> {
    let name = match signature.is_empty() {
        true => name(&[text(&chat["title"])]),
        false => name(&[signature]),
    };
    Some(Sender {
        id: integer(&chat["id"])?,
        name,
        username: text(&chat["username"]).to_owned(),
        language: String::new(),
    })
}

/// A name of some words on one line.
pub(super) fn name(words: &[&str]) -> String {
    let line = clean::line(&words.join(" "));
    clip_utf16(&line, MAX_NAME).trim_end().to_owned()
}

/// At most so many characters of a text.
pub(super) fn clip(text: &str, characters: usize) -> &str {
    match text.char_indices().nth(characters) {
        Some((end, _)) => &text[..end],
        None => text,
    }
}
