//! Changing, deleting and marking what was sent; answering taps (T13, T17).

use serde_json::{Value, json};

use crate::entity::MOST_TEXT;
use crate::failure::{Failure, Outcome};
use crate::flood::Spend;
use crate::id::{Author, MessageId, Place};
use crate::keyboard;
use crate::message::{Content, Message};
use crate::queue::QUERY_MS;

use super::{Request, send};

/// The server's words for an edit that changes nothing: a success in effect (T17).
const NOT_MODIFIED: &str = "message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message";
/// A bot deletes what is younger than this (deleteMessage).
const DELETABLE_MS: i64 = 48 * 60 * 60 * 1000;
/// Most UTF-16 units of the answer to a tap (T13).
const MOST_ANSWER: usize = 200;

pub(super) fn text(request: &mut Request<'_>) -> Outcome {
    let (place, mut message) = editable(request)?;
    let words = send::words(
        request,
        "text",
        "entities",
        MOST_TEXT,
        "message is too long",
    )?;
    if words.text.is_empty() {
        return Err(Failure::bad("message text is empty"));
    }
    match &mut message.content {
        Content::Text(old) => *old = words,
        _ => return Err(Failure::bad("there is no text in the message to edit")),
    }
    message.keyboard = keyboard::given_inline(request.parameters)?;
    put_back(request, place, message)
}

pub(super) fn caption(request: &mut Request<'_>) -> Outcome {
    let (place, mut message) = editable(request)?;
    let words = send::caption(request)?;
    match &mut message.content {
        Content::Media(media) => media.caption = words,
        _ => return Err(Failure::bad("there is no caption in the message to edit")),
    }
    message.keyboard = keyboard::given_inline(request.parameters)?;
    put_back(request, place, message)
}

pub(super) fn markup(request: &mut Request<'_>) -> Outcome {
    let (place, mut message) = editable(request)?;
    message.keyboard = keyboard::given_inline(request.parameters)?;
    put_back(request, place, message)
}

/// The message of the call, if it is the bot's own.
fn editable(request: &Request<'_>) -> Result<(Place, Message), Failure> {
    if request.parameters.has("inline_message_id") {
        return Err(Failure::bad("MESSAGE_ID_INVALID"));
    }
    let place = request.place()?;
    let id = request.parameters.number("message_id");
    if id == 0 {
        return Err(Failure::bad("message identifier is not specified"));
    }
    let message = request.message(place, MessageId(id));
    let message = message.ok_or_else(|| Failure::bad("message to edit not found"))?;
    let own = match message.from {
        Author::Bot(bot) | Author::Business { bot, .. } => bot == request.bot,
        Author::User(_) => false,
    };
    if !own || matches!(message.content, Content::Service(_)) {
        return Err(Failure::bad("message can't be edited"));
    }
    Ok((place, message.clone()))
}

fn put_back(request: &mut Request<'_>, place: Place, mut message: Message) -> Outcome {
    request.may_write(place)?;
    let before = request.message(place, message.id);
    let inline = |markup: &Option<Value>| {
        let rows = markup
            .as_ref()
            .and_then(|markup| markup.get("inline_keyboard"));
        let rows = rows.filter(|rows| rows.as_array().is_some_and(|rows| !rows.is_empty()));
        rows.cloned()
    };
    let same = before.is_some_and(|before| {
        before.content == message.content && inline(&before.keyboard) == inline(&message.keyboard)
    });
    if same {
        return Err(Failure::bad(NOT_MODIFIED));
    }
    // Edits spend what messages spend (T9; levlam in td#2592).
    request.spend(place, Spend::Messages(1))?;
    message.edited_ms = Some(request.now_ms);
    let room = request.state.room(place);
    room.messages.insert(message.id, message.clone());
    Ok(request.answer(&message))
}

pub(super) fn delete(request: &mut Request<'_>) -> Outcome {
    let place = request.place()?;
    let id = MessageId(request.parameters.number("message_id"));
    may_delete(request, place, id)?;
    remove(request, place, id);
    Ok(json!(true))
}

/// Some may be missing: those are skipped (deleteMessages).
pub(super) fn delete_many(request: &mut Request<'_>) -> Outcome {
    let place = request.place()?;
    let given = request.parameters.json("message_ids", "message_ids")?;
    let Some(Value::Array(ids)) = given else {
        return Err(Failure::bad("message identifiers are not specified"));
    };
    if ids.len() > 100 {
        return Err(Failure::bad("too many message identifiers specified"));
    }
    let ids: Vec<MessageId> = ids
        .iter()
        .filter_map(Value::as_i64)
        .map(MessageId)
        .collect();
    for id in ids {
        if may_delete(request, place, id).is_ok() {
            remove(request, place, id);
        }
    }
    Ok(json!(true))
}

fn may_delete(request: &Request<'_>, place: Place, id: MessageId) -> Result<(), Failure> {
    let message = request.message(place, id);
    let message = message.ok_or_else(|| Failure::bad("message to delete not found"))?;
    let young = request.now_ms - message.at_ms < DELETABLE_MS;
    let own = message.from == Author::Bot(request.bot);
    let may = match place {
        Place::Private { .. } => young,
        Place::Group(id) => {
            let group = request.state.groups.get(&id);
            let rank = group.map(|group| group.rank(Author::Bot(request.bot)));
            rank.is_some_and(|rank| rank.runs_it()) || own && young
        }
        Place::Business { .. } => false,
    };
    match may {
        true => Ok(()),
        false => Err(Failure::bad("message can't be deleted")),
    }
}

pub(super) fn remove(request: &mut Request<'_>, place: Place, id: MessageId) {
    let room = request.state.room(place);
    if room.messages.remove(&id).is_some() {
        room.deleted += 1;
    }
    *request.changed = true;
}

pub(super) fn react(request: &mut Request<'_>) -> Outcome {
    let place = request.place()?;
    let id = MessageId(request.parameters.number("message_id"));
    let given = request.parameters.json("reaction", "reaction types")?;
    let reactions = match given {
        Some(Value::Array(reactions)) => reactions,
        Some(_) => {
            return Err(Failure::bad(
                "can't parse reaction types: expected an Array",
            ));
        }
        None => Vec::new(),
    };
    // A bot has one reaction (setMessageReaction), of the emoji there are.
    if reactions.len() > 1 {
        return Err(Failure::bad("REACTIONS_TOO_MANY"));
    }
    for reaction in &reactions {
        let emoji = reaction.get("emoji").and_then(Value::as_str);
        if !emoji.is_some_and(|emoji| REACTIONS.contains(&emoji)) {
            return Err(Failure::bad("REACTION_INVALID"));
        }
    }
    request.may_write(place)?;
    let bot = Author::Bot(request.bot);
    let room = request.state.room(place);
    let message = room.messages.get_mut(&id);
    let message = message.ok_or_else(|| Failure::bad("message to react not found"))?;
    match reactions.is_empty() {
        true => message.reactions.remove(&bot),
        false => message.reactions.insert(bot, reactions),
    };
    *request.changed = true;
    Ok(json!(true))
}

/// Only once, and only while the query lives: afterwards it is too old, which is no error of the bot (T13).
pub(super) fn answer_callback(request: &mut Request<'_>) -> Outcome {
    let id = request.parameters.text("callback_query_id");
    let text = request.parameters.text("text");
    if crate::entity::units(&text) > MOST_ANSWER {
        return Err(Failure::bad("MESSAGE_TOO_LONG"));
    }
    let now_ms = request.now_ms;
    let tap = request.state.callbacks.taps.get_mut(&id);
    let tap = tap.filter(|tap| {
        tap.bot == request.bot && tap.answer.is_none() && now_ms - tap.at_ms < QUERY_MS
    });
    let Some(tap) = tap else {
        return Err(Failure::bad(
            "query is too old and response timeout expired or query ID is invalid",
        ));
    };
    tap.answer = Some(Value::Object(request.parameters.values().clone()));
    *request.changed = true;
    Ok(json!(true))
}

/// The emoji a reaction may be (ReactionTypeEmoji).
const REACTIONS: [&str; 73] = [
    "❤",
    "👍",
    "👎",
    "🔥",
    "🥰",
    "👏",
    "😁",
    "🤔",
    "🤯",
    "😱",
    "🤬",
    "😢",
    "🎉",
    "🤩",
    "🤮",
    "💩",
    "🙏",
    "👌",
    "🕊",
    "🤡",
    "🥱",
    "🥴",
    "😍",
    "🐳",
    "❤‍🔥",
    "🌚",
    "🌭",
    "💯",
    "🤣",
    "⚡",
    "🍌",
    "🏆",
    "💔",
    "🤨",
    "😐",
    "🍓",
    "🍾",
    "💋",
    "🖕",
    "😈",
    "😴",
    "😭",
    "🤓",
    "👻",
    "👨‍💻",
    "👀",
    "🎃",
    "🙈",
    "😇",
    "😨",
    "🤝",
    "✍",
    "🤗",
    "🫡",
    "🎅",
    "🎄",
    "☃",
    "💅",
    "🤪",
    "🗿",
    "🆒",
    "💘",
    "🙉",
    "🦄",
    "😘",
    "💊",
    "🙊",
    "😎",
    "👾",
    "🤷‍♂",
    "🤷",
    "🤷‍♀",
    "😡",
];
