//! Updates of the owner's own account (telegram.md A6).

use serde_json::Value;

use super::field::{integer, is_there, is_true, moment, sender, text};
use super::message::{self, Version};
use super::{BusinessAuthor, Connection, Me, What};

/// Numbers of deleted messages that are taken from one update.
const MOST_DELETED: usize = 100;

pub(super) fn connection(value: &Value) -> Option<What> {
    // Before Bot API 9.0 the one right was a field of its own.
    let can_reply = is_true(&value["rights"]["can_reply"]) || is_true(&value["can_reply"]);
    Some(What::Business(Connection {
        id: value["id"].as_str()?.to_owned(),
        owner: sender(&value["user"])?,
        owner_chat: integer(&value["user_chat_id"])?,
        can_reply,
        is_enabled: value["is_enabled"].as_bool()?,
        at: moment(&value["date"]),
    }))
}

pub(super) fn message(me: &Me, value: &Value, version: Version) -> Option<What> {
    let business = text(&value["business_connection_id"]);
    if business.is_empty() {
        return None;
    }
    if let Some(reason) = message::nothing_to_read(value) {
        return Some(What::Ignored(reason));
    }
    let by = author(value)?;
    let written = Box::new(message::written(me, value)?);
    Some(match version {
        Version::New => What::BusinessMessage { by, written },
        Version::Edited => What::BusinessEdited { by, written },
    })
}

pub(super) fn deleted(value: &Value) -> Option<What> {
    Some(What::BusinessDeleted {
        business: value["business_connection_id"].as_str()?.to_owned(),
        chat: integer(&value["chat"]["id"])?,
        remote_ids: value["message_ids"]
            .as_array()?
            .iter()
            .filter_map(integer)
            .take(MOST_DELETED)
            .collect(),
    })
}

/// A business chat is private and has the customer's id: whoever else writes there is the owner's side.
fn author(value: &Value) -> Option<BusinessAuthor> {
    if is_there(&value["sender_business_bot"]) {
        return Some(BusinessAuthor::Bot);
    }
    let from = integer(&value["from"]["id"])?;
    let is_customer = from == integer(&value["chat"]["id"])?;
    Some(match (is_true(&value["is_from_offline"]), is_customer) {
        (_, true) if is_true(&value["from"]["is_bot"]) => BusinessAuthor::Bot,
        (true, _) => BusinessAuthor::Offline,
        (false, true) => BusinessAuthor::Customer,
        (false, false) => BusinessAuthor::Owner,
    })
}
