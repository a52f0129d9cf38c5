//! `reply_markup`: what the server takes and what it refuses (T11, T13).

use serde_json::Value;

use crate::failure::Failure;
use crate::parameters::Parameters;

/// Most bytes of `callback_data` (T11).
const MOST_DATA: usize = 64;
/// Most buttons of an inline keyboard.
const MOST_BUTTONS: usize = 100;

/// The markup of a call, checked.
pub(crate) fn given(parameters: &Parameters) -> Result<Option<Value>, Failure> {
    let Some(markup) = parameters.json("reply_markup", "reply keyboard markup")? else {
        return Ok(None);
    };
    if !markup.is_object() {
        return Err(Failure::bad("object expected as reply markup"));
    }
    if let Some(rows) = markup.get("inline_keyboard") {
        check_rows(rows, check_inline)?;
    } else if let Some(rows) = markup.get("keyboard") {
        check_rows(rows, check_key)?;
    }
    Ok(Some(markup))
}

/// The markup of an edit: only an inline keyboard belongs to a message.
pub(crate) fn given_inline(parameters: &Parameters) -> Result<Option<Value>, Failure> {
    let markup = given(parameters)?;
    match markup {
        Some(markup) if markup.get("inline_keyboard").is_none() => {
            Err(Failure::bad("inline keyboard expected"))
        }
        other => Ok(other),
    }
}

fn check_rows(rows: &Value, check: fn(&Value) -> Result<(), Failure>) -> Result<(), Failure> {
    let Some(rows) = rows.as_array() else {
        return Err(Failure::bad(
            "can't parse reply keyboard markup JSON object: expected an Array of Array",
        ));
    };
    let mut count = 0;
    for row in rows {
        let Some(keys) = row.as_array() else {
            return Err(Failure::bad(
                "can't parse reply keyboard markup JSON object: expected an Array of Array",
            ));
        };
        for key in keys {
            check(key)?;
            count += 1;
        }
    }
    match count > MOST_BUTTONS {
        true => Err(Failure::bad("REPLY_MARKUP_TOO_LONG")),
        false => Ok(()),
    }
}

fn check_inline(button: &Value) -> Result<(), Failure> {
    let label = button.get("text").and_then(Value::as_str);
    if label.is_none_or(str::is_empty) {
        return Err(Failure::bad(
            "can't parse inline keyboard button: text can't be empty",
        ));
    }
    if let Some(data) = button.get("callback_data") {
        let data = data.as_str().unwrap_or_default();
        if data.is_empty() || data.len() > MOST_DATA {
            return Err(Failure::bad("BUTTON_DATA_INVALID"));
        }
        return Ok(());
    }
    if let Some(url) = button.get("url") {
        let url = url.as_str().unwrap_or_default();
        let known = ["http://", "https://", "tg://", "ton://"];
        let has_dot = url.contains('.') || url.starts_with("tg://");
        return match known.iter().any(|scheme| url.starts_with(scheme)) && has_dot {
            true => Ok(()),
            false => Err(Failure::bad(format!(
                "inline keyboard button URL '{url}' is invalid: wrong HTTP URL"
            ))),
        };
    }
    let others = [
        "web_app",
        "login_url",
        "switch_inline_query",
        "switch_inline_query_current_chat",
        "switch_inline_query_chosen_chat",
        "copy_text",
        "callback_game",
        "pay",
    ];
    match others.iter().any(|kind| button.get(kind).is_some()) {
        true => Ok(()),
        false => Err(Failure::bad(
            "text buttons are unallowed in the inline keyboard",
        )),
    }
}

fn check_key(key: &Value) -> Result<(), Failure> {
    let label = key
        .as_str()
        .or_else(|| key.get("text").and_then(Value::as_str));
    match label.is_none_or(str::is_empty) {
        true => Err(Failure::bad(
            "can't parse keyboard button: text can't be empty",
        )),
        false => Ok(()),
    }
}
