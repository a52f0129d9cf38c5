//! A delivery as the calls it is made of: text split where it must be, buttons under the last part, entities instead
//! of markup, no link previews (T11, C2). The same delivery gives the same parts each time, so that one that was cut
//! off goes on behind the parts that were taken.
//!
//! Not here: calling, and what the answers mean (`deliver`).

use app::bots::deliver::Delivery;
use domain::conversation::AttachmentKind;
use domain::delivery::{ChatKind, Content, Place};
use serde_json::{Map, Value, json};

use crate::budget::Kind;
use crate::format;
use crate::keyboard;
use crate::sentences::Say;
use crate::split;

/// Where a part goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    /// The chat.
    pub(crate) chat: i64,
    /// The topic; 0 for none.
    pub(crate) thread: i64,
    /// The connection to the owner's own account; empty for none.
    pub(crate) business: String,
    /// What kind of chat.
    pub(crate) kind: ChatKind,
}

/// One call.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Part {
    /// What it is to the budget.
    pub(crate) kind: Kind,
    /// The method.
    pub(crate) method: &'static str,
    /// Its parameters, but for where it goes.
    pub(crate) parameters: Map<String, Value>,
    /// True: the kept file goes with it, in this field.
    pub(crate) file: Option<&'static str>,
}

/// The calls of a delivery, in order; the same for each target.
pub(crate) fn parts(delivery: &Delivery) -> Vec<Part> {
    let buttons = || match delivery.buttons.iter().all(Vec::is_empty) {
        true => None,
        false => serde_json::to_value(keyboard::inline(&delivery.buttons)).ok(),
    };
    let say = |say: Say| say.told(delivery.language);
    match &delivery.outgoing.content {
        Content::Message => {
            let said = delivery.message.as_ref();
            let text = said
                .map(|message| message.text.as_str())
                .unwrap_or_default();
            let header = match (delivery.outgoing.place, delivery.operator.as_str()) {
                (Place::Customer, "") => String::new(),
                (Place::Customer, name) => say(Say::OperatorHeader(name.to_owned())),
                (Place::Console, _) => say(Say::AssistantHeader),
            };
            texts(&headed(&header, text), buttons())
        }
        Content::Notice { text, .. } => texts(text, buttons()),
        Content::Draft { text, .. } => texts(&headed(&say(Say::DraftHeader), text), buttons()),
        Content::Copy {
            chat,
            remote_id,
            header,
        } => {
            let mut parts = match header.as_str() {
                "" => Vec::new(),
                header => texts(header, None),
            };
            let mut copy = Map::new();
            copy.insert("from_chat_id".to_owned(), json!(chat));
            copy.insert("message_id".to_owned(), json!(remote_id));
            parts.push(Part {
                kind: Kind::Send,
                method: "copyMessage",
                parameters: copy,
                file: None,
            });
            parts
        }
        Content::Edit { remote_id, text } => {
            // An edited message cannot become two: what does not fit into the first part is left out.
            let first = split::split(&format::format(text)).into_iter().next();
            let mut edits = Vec::new();
            if let Some(part) = first {
                let mut parameters = text_of(&part);
                parameters.insert("message_id".to_owned(), json!(remote_id));
                edits.push(Part {
                    kind: Kind::Edit,
                    method: "editMessageText",
                    parameters,
                    file: None,
                });
            }
            edits
        }
        Content::File { .. } => {
            let kind = delivery.file.as_ref().map(|(file, _)| file.kind);
            let (method, field) = match kind {
                Some(AttachmentKind::Photo) => ("sendPhoto", "photo"),
                Some(AttachmentKind::Voice) => ("sendVoice", "voice"),
                _ => ("sendDocument", "document"),
            };
            vec![Part {
                kind: Kind::Send,
                method,
                parameters: Map::new(),
                file: Some(field),
            }]
        }
    }
}

/// A part without entities, for a server that will not have them (F3).
pub(crate) fn plain(part: &Part) -> Part {
    let mut part = part.clone();
    part.parameters.remove("entities");
    part
}

/// The parameters of a part at its target.
pub(crate) fn at(part: &Part, target: &Target) -> Map<String, Value> {
    let mut parameters = Map::new();
    if !target.business.is_empty() {
        parameters.insert("business_connection_id".to_owned(), json!(target.business));
    }
    parameters.insert("chat_id".to_owned(), json!(target.chat));
    if target.thread != 0 && part.kind != Kind::Edit {
        parameters.insert("message_thread_id".to_owned(), json!(target.thread));
    }
    parameters.extend(part.parameters.clone());
    parameters
}

fn headed(header: &str, text: &str) -> String {
    match header {
        "" => text.to_owned(),
        header => format!("{header}\n\n{text}"),
    }
}

fn texts(markdown: &str, buttons: Option<Value>) -> Vec<Part> {
    let mut parts: Vec<Part> = split::split(&format::format(markdown))
        .iter()
        .map(|part| Part {
            kind: Kind::Send,
            method: "sendMessage",
            parameters: text_of(part),
            file: None,
        })
        .collect();
    if let (Some(last), Some(buttons)) = (parts.last_mut(), buttons) {
        last.parameters.insert("reply_markup".to_owned(), buttons);
    }
    parts
}

fn text_of(part: &format::Formatted) -> Map<String, Value> {
    let mut parameters = Map::new();
    parameters.insert("text".to_owned(), json!(part.text));
    if !part.entities.is_empty() {
        parameters.insert("entities".to_owned(), json!(part.entities_for_telegram()));
    }
    parameters.insert(
        "link_preview_options".to_owned(),
        json!({"is_disabled": true}),
    );
    parameters
}
