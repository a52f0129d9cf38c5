//! Messages: words, places, cards, copies, and what shows that one is coming.

use serde_json::{Value, json};

use crate::entity::{self, MOST_CAPTION, MOST_TEXT, units};
use crate::failure::{Failure, Outcome};
use crate::flood::Spend;
use crate::id::{Author, MessageId, Place, TopicId};
use crate::keyboard;
use crate::message::{Content, Formatted, Message};
use crate::state::{Rank, Writing};

use super::Request;

/// An action shows so long, unless a message comes first (T12).
const ACTION_MS: i64 = 5_000;

pub(super) fn message(request: &mut Request<'_>) -> Outcome {
    let place = request.place()?;
    let words = words(
        request,
        "text",
        "entities",
        MOST_TEXT,
        "message is too long",
    )?;
    if words.text.is_empty() {
        return Err(Failure::bad("message text is empty"));
    }
    send(request, place, Content::Text(words))
}

pub(super) fn location(request: &mut Request<'_>) -> Outcome {
    let place = request.place()?;
    let degrees = |name: &str, most: f64| {
        let number = request.parameters.number_of::<f64>(name);
        number.filter(|degrees| degrees.abs() <= most)
    };
    let (Some(latitude), Some(longitude)) =
        (degrees("latitude", 90.0), degrees("longitude", 180.0))
    else {
        return Err(Failure::bad("wrong latitude or longitude specified"));
    };
    let content = Content::Location {
        latitude,
        longitude,
    };
    send(request, place, content)
}

pub(super) fn contact(request: &mut Request<'_>) -> Outcome {
    let place = request.place()?;
    let phone = request.parameters.text("phone_number");
    if phone.is_empty() {
        return Err(Failure::bad("parameter \"phone_number\" is required"));
    }
    let first_name = request.parameters.text("first_name");
    if first_name.is_empty() {
        return Err(Failure::bad("parameter \"first_name\" is required"));
    }
    let last_name = request.parameters.text("last_name");
    let content = Content::Contact {
        phone,
        first_name,
        last_name: (!last_name.is_empty()).then_some(last_name),
    };
    send(request, place, content)
}

/// A new message with the same content and no link to the old one (A5). There is no way to copy into a business
/// chat: the call knows no connection.
pub(super) fn copy(request: &mut Request<'_>) -> Outcome {
    let place = request.place_of("chat_id")?;
    let from = request.place_of("from_chat_id")?;
    let id = MessageId(request.parameters.number("message_id"));
    let source = request.message(from, id).cloned();
    let source = source.ok_or_else(|| Failure::bad("message to copy not found"))?;
    let mut content = match source.content {
        Content::Service(_) => return Err(Failure::bad("message can't be copied")),
        content => content,
    };
    if let Content::Media(media) = &mut content
        && request.parameters.has("caption")
    {
        media.caption = caption(request)?;
    }
    let sent = send_message(request, place, content, None)?;
    Ok(json!({"message_id": sent.id.0}))
}

pub(super) fn action(request: &mut Request<'_>) -> Outcome {
    let place = request.place()?;
    let action = request.parameters.text("action");
    let known = [
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    ];
    if !known.contains(&action.as_str()) {
        return Err(Failure::bad("wrong parameter action in request"));
    }
    request.may_write(place)?;
    topic(request, place)?;
    request.spend(place, Spend::Action)?;
    let until_ms = request.now_ms + ACTION_MS;
    request.state.room(place).action = Some((action, until_ms));
    *request.changed = true;
    Ok(json!(true))
}

/// A bot's words from the call, within a length.
pub(super) fn words(
    request: &mut Request<'_>,
    text: &str,
    entities: &str,
    most: usize,
    too_long: &str,
) -> Result<Formatted, Failure> {
    let (words, wrong) = entity::given(request.parameters, text, entities)?;
    request.note(wrong);
    match units(&words.text) > most {
        true => Err(Failure::bad(too_long)),
        false => Ok(words),
    }
}

/// The caption of the call.
pub(super) fn caption(request: &mut Request<'_>) -> Result<Formatted, Failure> {
    words(
        request,
        "caption",
        "caption_entities",
        MOST_CAPTION,
        "message caption is too long",
    )
}

/// Sends, and answers with the message.
pub(super) fn send(request: &mut Request<'_>, place: Place, content: Content) -> Outcome {
    let sent = send_message(request, place, content, None)?;
    Ok(request.answer(&sent))
}

/// Everything that is the same for all that is sent: rights, topic, reply, keyboard, budget.
pub(super) fn send_message(
    request: &mut Request<'_>,
    place: Place,
    content: Content,
    album: Option<String>,
) -> Result<Message, Failure> {
    request.may_write(place)?;
    let topic = topic(request, place)?;
    let reply_to = reply_to(request, place)?;
    let keyboard = keyboard::given(request.parameters)?;
    if album.is_none() {
        request.spend(place, Spend::Messages(1))?;
    }
    let mut writing = Writing::new(place, request.author(place), content);
    writing.topic = topic;
    writing.reply_to = reply_to.or(topic.map(|topic| MessageId(topic.0)));
    writing.keyboard = keyboard;
    writing.album = album;
    let now_ms = request.now_ms;
    let message = request.state.write(now_ms, writing);
    if let Place::Business { .. } = place {
        // Outgoing messages of a business account come back as updates; who answers them talks to itself (A6).
        request.state.tell(now_ms, &message, "message");
    }
    *request.changed = true;
    Ok(message)
}

/// The topic of the call, if it is there and open (T17).
pub(super) fn topic(request: &Request<'_>, place: Place) -> Result<Option<TopicId>, Failure> {
    let id = request.parameters.number("message_thread_id");
    if id == 0 {
        return Ok(None);
    }
    let topic = TopicId(id);
    let room = request.state.rooms.get(&place);
    let known = room.and_then(|room| room.topics.get(&topic));
    let known = known.ok_or_else(|| Failure::bad("message thread not found"))?;
    let runs_it = match place {
        Place::Group(id) => {
            let group = request.state.groups.get(&id);
            group.is_some_and(|group| {
                let rank = group.rank(Author::Bot(request.bot));
                matches!(rank, Rank::Administrator { topics: true })
            })
        }
        _ => true,
    };
    match known.closed && !runs_it {
        true => Err(Failure::bad("TOPIC_CLOSED")),
        false => Ok(Some(topic)),
    }
}

fn reply_to(request: &Request<'_>, place: Place) -> Result<Option<MessageId>, Failure> {
    let given = request
        .parameters
        .json("reply_parameters", "reply parameters")?;
    let (id, elsewhere, may_miss) = match &given {
        Some(given) => {
            let id = given.get("message_id").and_then(Value::as_i64);
            let id = id.ok_or_else(|| Failure::bad("message identifier is not specified"))?;
            let may_miss = given.get("allow_sending_without_reply");
            let chat = given.get("chat_id").and_then(Value::as_i64);
            let elsewhere = chat.is_some_and(|chat| chat != place.chat_id());
            (id, elsewhere, may_miss == Some(&json!(true)))
        }
        // What it was called before 7.0; the server still takes it.
        None => (
            request.parameters.number("reply_to_message_id"),
            false,
            request.parameters.flag("allow_sending_without_reply"),
        ),
    };
    if id == 0 || elsewhere {
        return Ok(None);
    }
    let id = MessageId(id);
    match request.message(place, id) {
        Some(_) => Ok(Some(id)),
        None if may_miss => Ok(None),
        None => Err(Failure::bad("message to be replied not found")),
    }
}
