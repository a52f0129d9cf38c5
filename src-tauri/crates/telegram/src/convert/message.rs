//! A message: whose it is, whether it is to us, and what it says.

use domain::conversation::Letter;
use domain::delivery::{Address, ChatKind, Sender};
use serde_json::Value;

use super::field::{clip, integer, is_there, is_true, moment, name, sender, sender_of_chat, text};
use super::said;
use super::service::service;
use super::{Me, Reason, StaffSaid, What, Written};
use crate::commands::{Call, Command, slash};
use crate::format::clean;

/// Telegram's own accounts that write for others: an anonymous administrator, a channel, Telegram.
const FOR_OTHERS: [i64; 3] = [1_087_968_824, 136_817_688, 777_000];
/// The longest quotation that is kept as context, in characters.
const MAX_QUOTED: usize = 1_000;
/// The longest name of an album, in characters.
const MAX_ALBUM: usize = 64;

/// Whether a message is new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Version {
    New,
    Edited,
}

pub(super) fn message(me: &Me, value: &Value, version: Version) -> Option<What> {
    let chat = &value["chat"];
    let chat_id = integer(&chat["id"])?;
    let is_staff_chat = me.staff_chat != 0 && chat_id == me.staff_chat;
    if text(&chat["type"]) == "channel" || is_true(&value["is_automatic_forward"]) {
        return Some(What::Ignored(Reason::ChannelPost));
    }
    match service(value) {
        Some(What::Topic { .. }) if !is_staff_chat => {
            return Some(What::Ignored(Reason::Service("forum_topic")));
        }
        Some(what) => return Some(what),
        None => {}
    }
    if let Some(reason) = nothing_to_read(value).or_else(|| written_by_bot(me, value)) {
        return Some(What::Ignored(reason));
    }
    let moved = version == Version::Edited && is_there(&value["location"]);
    if moved && !is_there(&value["venue"]) {
        return Some(What::Ignored(Reason::LiveLocation));
    }
    let mut written = written(me, value)?;
    let is_edit = version == Version::Edited;
    if is_staff_chat || is_operators_reply(me, value, &written) {
        return Some(staff(me, written, is_edit));
    }
    if written.letter.address.kind == ChatKind::Group {
        if !me.groups {
            return Some(What::Ignored(Reason::GroupsOff));
        }
        if !is_addressed(me, value) {
            return Some(What::Ignored(Reason::NotAddressed));
        }
        to_us_alone(me, value, &mut written);
    }
    written.call = call(&written.text);
    let written = Box::new(written);
    Some(match version {
        Version::New => What::Message(written),
        Version::Edited => What::Edited(written),
    })
}

/// What the message says; `None` when its sender, its chat or anything in it cannot be read.
pub(super) fn written(me: &Me, value: &Value) -> Option<Written> {
    let chat = &value["chat"];
    let words = said::words(value);
    let attachments = said::attachments(value);
    if words.is_empty() && attachments.is_empty() {
        return None;
    }
    let business = text(&value["business_connection_id"]).to_owned();
    let kind = match business.is_empty() {
        true => kind_of_chat(chat)?,
        false => ChatKind::Business,
    };
    let letter = Letter {
        address: Address {
            bot_id: me.bot_id,
            chat: integer(&chat["id"])?,
            thread: thread(value),
            business,
            kind,
        },
        sender: author(value)?,
        remote_id: integer(&value["message_id"])?,
        sent_at: moment(&value["date"]),
        reply_to: replied(value).and_then(|message| integer(&message["message_id"])),
        quoted: quoted(value),
        album: clip(text(&value["media_group_id"]), MAX_ALBUM).to_owned(),
        attachments,
    };
    Some(Written {
        text: words,
        call: None,
        letter,
        forwarded_from: forwarded_from(value),
        edited_at: is_there(&value["edit_date"]).then(|| moment(&value["edit_date"])),
        is_from_offline: is_true(&value["is_from_offline"]),
    })
}

/// Kinds of message that are no question and hold none.
pub(super) fn nothing_to_read(value: &Value) -> Option<Reason> {
    const KINDS: &[&str] = &[
        "poll",
        "dice",
        "game",
        "story",
        "giveaway",
        "giveaway_winners",
        "invoice",
        "paid_media",
    ];
    let kind = KINDS.iter().find(|kind| is_there(&value[**kind]))?;
    Some(Reason::NoQuestion(kind))
}

/// The topic a message stands in; 0 for none. Outside of topics the number is that of a thread of replies.
pub(super) fn thread(value: &Value) -> i64 {
    match is_true(&value["is_topic_message"]) {
        true => integer(&value["message_thread_id"]).unwrap_or_default(),
        false => 0,
    }
}

pub(super) fn kind_of_chat(chat: &Value) -> Option<ChatKind> {
    match text(&chat["type"]) {
        // A channel's direct messages are answered in another way: a person gets them.
        "supergroup" if is_true(&chat["is_direct_messages"]) => None,
        "private" => Some(ChatKind::Private),
        "group" | "supergroup" => Some(ChatKind::Group),
        _ => None,
    }
}

fn written_by_bot(me: &Me, value: &Value) -> Option<Reason> {
    let from = &value["from"];
    let id = integer(&from["id"])?;
    if id == me.id {
        return Some(Reason::Ourselves);
    }
    let is_other = is_true(&from["is_bot"]) && !FOR_OTHERS.contains(&id);
    is_other.then_some(Reason::OtherBot)
}

/// Who wrote: an anonymous administrator is the group itself, a channel is the channel.
fn author(value: &Value) -> Option<Sender> {
    match value["sender_chat"].is_object() {
        true => sender_of_chat(&value["sender_chat"], text(&value["author_signature"])),
        false => sender(&value["from"]),
    }
}

fn forwarded_from(value: &Value) -> String {
    let origin = &value["forward_origin"];
    let user = &origin["sender_user"];
    name(&[
        text(&user["first_name"]),
        text(&user["last_name"]),
        text(&origin["sender_user_name"]),
        text(&origin["sender_chat"]["title"]),
        text(&origin["chat"]["title"]),
    ])
}

/// The message that it replies to. In a topic every message replies to the topic's beginning, which is no reply.
fn replied(value: &Value) -> Option<&Value> {
    let message = &value["reply_to_message"];
    let is_beginning = is_there(&message["forum_topic_created"])
        || thread(value) != 0 && integer(&message["message_id"]) == Some(thread(value));
    (message.is_object() && !is_beginning).then_some(message)
}

fn quoted(value: &Value) -> String {
    let quote = text(&value["quote"]["text"]);
    let words = match (quote.is_empty(), replied(value)) {
        (false, _) => said::tidy(quote),
        (true, Some(message)) => said::words(message),
        (true, None) => String::new(),
    };
    clip(&words, MAX_QUOTED).to_owned()
}

/// In an operator's private chat a reply to something of ours is meant for the customer; anything else is a
/// question of their own.
fn is_operators_reply(me: &Me, value: &Value, written: &Written) -> bool {
    written.letter.address.kind == ChatKind::Private
        && me.operators.contains(&written.letter.sender.id)
        && replied(value).is_some_and(|message| integer(&message["from"]["id"]) == Some(me.id))
}

fn staff(me: &Me, written: Written, is_edit: bool) -> What {
    let other = slash(&written.text).and_then(|slash| slash.bot);
    if other.is_some_and(|bot| !bot.eq_ignore_ascii_case(&me.username)) {
        return What::Ignored(Reason::NotAddressed);
    }
    What::Staff(Box::new(StaffSaid { written, is_edit }))
}

fn call(words: &str) -> Option<Call> {
    slash(words).map(|slash| slash.call())
}

/// Whether a message in a group is to us: a command, our name, or a reply to us (T20).
fn is_addressed(me: &Me, value: &Value) -> bool {
    if let Some(command) = slash(&said::words(value)) {
        match command.bot {
            Some(bot) => return bot.eq_ignore_ascii_case(&me.username),
            // Every bot of the group gets a command without a name: only ours are to us.
            None if !matches!(command.call().command, Command::Unknown(_)) => return true,
            None => {}
        }
    }
    let is_reply =
        replied(value).is_some_and(|message| integer(&message["from"]["id"]) == Some(me.id));
    is_reply || !mentions(me, value).is_empty()
}

/// Where our name stands in the words: offset and length in UTF-16 units.
fn mentions(me: &Me, value: &Value) -> Vec<(usize, usize)> {
    let (words, entities) = match value["text"].is_string() {
        true => (text(&value["text"]), &value["entities"]),
        false => (text(&value["caption"]), &value["caption_entities"]),
    };
    let units: Vec<u16> = words.encode_utf16().collect();
    let ours = |entity: &Value| {
        let offset = usize::try_from(integer(&entity["offset"])?).ok()?;
        let length = usize::try_from(integer(&entity["length"])?).ok()?;
        let piece = units.get(offset..offset.checked_add(length)?)?;
        let is_ours = match text(&entity["type"]) {
            "mention" => {
                let mention = String::from_utf16_lossy(piece);
                let named = mention.strip_prefix('@').unwrap_or_default();
                !me.username.is_empty() && named.eq_ignore_ascii_case(&me.username)
            }
            "text_mention" => integer(&entity["user"]["id"]) == Some(me.id),
            _ => false,
        };
        is_ours.then_some((offset, length))
    };
    let entities = entities.as_array().map(Vec::as_slice).unwrap_or_default();
    entities.iter().filter_map(ours).collect()
}

/// Takes our name out of the words. Where nothing is left, what is replied to is the question.
fn to_us_alone(me: &Me, value: &Value, written: &mut Written) {
    let found = mentions(me, value);
    if !found.is_empty() {
        let whole = match value["text"].is_string() {
            true => text(&value["text"]),
            false => text(&value["caption"]),
        };
        let mut left: Vec<u16> = Vec::new();
        for (at, unit) in whole.encode_utf16().enumerate() {
            let is_ours = found
                .iter()
                .any(|(offset, length)| (*offset..offset + length).contains(&at));
            if !is_ours {
                left.push(unit);
            }
        }
        let words = said::tidy(&String::from_utf16_lossy(&left));
        written.text = words.trim_start_matches([',', ':', ' ', '\n']).to_owned();
    }
    let is_bare = !written.text.contains(clean::is_visible);
    if is_bare && written.letter.attachments.is_empty() {
        written.text = written.letter.quoted.clone();
    }
}
