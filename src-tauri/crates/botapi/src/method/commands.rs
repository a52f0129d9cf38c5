//! The menu of commands, by scope and language (T11, T22).

use serde_json::{Value, json};

use crate::failure::{Failure, Outcome};

use super::Request;

/// Most commands of a list (T11).
const MOST: usize = 100;

pub(super) fn set(request: &mut Request<'_>) -> Outcome {
    let given = request.parameters.json("commands", "commands")?;
    let Some(Value::Array(commands)) = given else {
        return Err(Failure::bad("can't parse commands: expected an Array"));
    };
    if commands.len() > MOST {
        return Err(Failure::bad("BOT_COMMANDS_TOO_MUCH"));
    }
    for command in &commands {
        let field = |name: &str| {
            command
                .get(name)
                .and_then(Value::as_str)
                .unwrap_or_default()
        };
        let name = field("command").trim_start_matches('/');
        let good = (1..=32).contains(&name.len())
            && name.chars().all(|letter| {
                letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_'
            });
        if !good {
            return Err(Failure::bad("BOT_COMMAND_INVALID"));
        }
        if !(1..=256).contains(&crate::entity::units(field("description"))) {
            return Err(Failure::bad("BOT_COMMAND_DESCRIPTION_INVALID"));
        }
    }
    let key = key(request)?;
    let lists = &mut request.account()?.commands;
    match commands.is_empty() {
        true => lists.remove(&key),
        false => lists.insert(key, commands),
    };
    Ok(json!(true))
}

pub(super) fn get(request: &mut Request<'_>) -> Outcome {
    let key = key(request)?;
    let list = request.account()?.commands.get(&key).cloned();
    Ok(Value::Array(list.unwrap_or_default()))
}

pub(super) fn delete(request: &mut Request<'_>) -> Outcome {
    let key = key(request)?;
    request.account()?.commands.remove(&key);
    Ok(json!(true))
}

/// `default`, `all_private_chats`, `chat:-100…`, `chat_member:-100…:5…`; and the language.
fn key(request: &Request<'_>) -> Result<(String, String), Failure> {
    let language = request.parameters.text("language_code");
    let two_letters =
        language.len() == 2 && language.chars().all(|letter| letter.is_ascii_lowercase());
    if !language.is_empty() && !two_letters {
        return Err(Failure::bad("invalid language code specified"));
    }
    let Some(scope) = request.parameters.json("scope", "BotCommandScope")? else {
        return Ok(("default".to_owned(), language));
    };
    let kind = scope
        .get("type")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let id = |name: &str| match scope.get(name) {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    let name = match kind {
        "default" | "all_private_chats" | "all_group_chats" | "all_chat_administrators" => {
            kind.to_owned()
        }
        "chat" | "chat_administrators" => format!("{kind}:{}", id("chat_id")),
        "chat_member" => format!("{kind}:{}:{}", id("chat_id"), id("user_id")),
        _ => {
            return Err(Failure::bad(
                "can't parse BotCommandScope: unsupported type specified",
            ));
        }
    };
    Ok((name, language))
}
