//! Short words that are said beside everything else: the answer to a press, to an order that was not followed, to a
//! command that needs nobody's thinking.
//!
//! They are of use at once or not at all, so they go by no outbox: what does not arrive is not said again. Answers
//! never go this way (`deliver`).

use std::sync::Arc;

use app::bots::press::Reaction;
use domain::language::Language;
use serde_json::{Value, json};

use crate::commands::Command;
use crate::convert::{Pressed, Written};
use crate::runner::Held;
use crate::sentences::Say;

/// The longest words over a chat (T13), in characters.
const TOAST: usize = 200;

/// What the assistant is asked; nothing where a command was answered here.
pub(crate) fn for_the_assistant(held: &Arc<Held>, written: &Written) -> Option<String> {
    let Some(call) = &written.call else {
        return Some(written.text.clone());
    };
    let address = &written.letter.address;
    let language = language_of(&written.letter.sender.language);
    let name = match &call.command {
        Command::Language | Command::Stop => {
            let say = match call.command {
                Command::Stop => Say::Ended,
                _ => Say::ChooseLanguage,
            };
            tell(held, address.chat, address.thread, &say.told(language));
            return None;
        }
        Command::Start => "start",
        Command::Help => "help",
        Command::Human => "human",
        Command::Unknown(name) => name.as_str(),
    };
    Some(format!("/{name} {}", call.payload).trim_end().to_owned())
}

/// Says something in a chat.
pub(crate) fn tell(held: &Arc<Held>, chat: i64, thread: i64, words: &str) {
    let mut parameters = json!({
        "chat_id": chat,
        "text": words,
        "link_preview_options": {"is_disabled": true},
    });
    if thread != 0 {
        parameters["message_thread_id"] = json!(thread);
    }
    aside(held, "sendMessage", parameters);
}

/// Answers a press, so that its button stops waiting; a press that is too old is none any more.
pub(crate) fn answer_press(held: &Arc<Held>, pressed: &Pressed, reaction: Reaction) {
    let mut parameters = json!({"callback_query_id": pressed.query_id});
    if !reaction.toast.is_empty() {
        let toast: String = reaction.toast.chars().take(TOAST).collect();
        parameters["text"] = json!(toast);
        parameters["show_alert"] = json!(reaction.stays);
    }
    aside(held, "answerCallbackQuery", parameters);
    let (Some(chat), Some(message)) = (pressed.chat, pressed.remote_id) else {
        return;
    };
    if reaction.drop_buttons {
        let mut parameters = json!({
            "chat_id": chat,
            "message_id": message,
            "reply_markup": {"inline_keyboard": []},
        });
        if !pressed.business.is_empty() {
            parameters["business_connection_id"] = json!(pressed.business);
        }
        aside(held, "editMessageReplyMarkup", parameters);
    }
}

fn aside(held: &Arc<Held>, method: &'static str, parameters: Value) {
    let held = Arc::clone(held);
    tokio::spawn(async move {
        let Ok(_place) = held.asides.acquire().await else {
            return;
        };
        if let Err(error) = held.line.call::<Value>(method, &parameters).await {
            tracing::debug!(bot = %held.id(), method, %error, "short words were not said");
        }
    });
}

/// The language of somebody's app: `ru-RU` is Russian.
fn language_of(code: &str) -> Language {
    match code.split('-').next() {
        Some("ru" | "be" | "uk" | "kk") => Language::RU,
        _ => Language::EN,
    }
}
