//! Forum topics (T17, A5).

use serde_json::{Value, json};

use crate::failure::{Failure, Outcome};
use crate::flood::Spend;
use crate::id::{Author, Place, TopicId};
use crate::state::{Rank, Topic};

use super::Request;

/// The colours a topic may have (createForumTopic).
const COLOURS: [i64; 6] = [
    7_322_096, 16_766_590, 13_338_331, 9_367_192, 16_749_490, 16_478_047,
];

pub(super) fn create(request: &mut Request<'_>) -> Outcome {
    let place = request.place()?;
    may_manage(request, place, "not enough rights to create a topic")?;
    let name = name(request)?;
    let color = match request.parameters.has("icon_color") {
        true => request.parameters.number("icon_color"),
        false => COLOURS[0],
    };
    if !COLOURS.contains(&color) {
        return Err(Failure::bad("TOPIC_ICON_COLOR_INVALID"));
    }
    // A topic counts as a message of the chat (T9; td#1834).
    request.spend(place, Spend::Messages(1))?;
    let bot = Author::Bot(request.bot);
    let topic = request
        .state
        .open_topic(request.now_ms, place, bot, &name, color);
    *request.changed = true;
    Ok(json!({"message_thread_id": topic.0, "name": name, "icon_color": color}))
}

pub(super) fn edit(request: &mut Request<'_>) -> Outcome {
    let place = request.place()?;
    may_manage(request, place, "not enough rights to manage topics")?;
    let name = match request.parameters.text("name").is_empty() {
        true => None,
        false => Some(name(request)?),
    };
    let topic = known(request, place)?;
    let changes = name.filter(|name| *name != topic.name);
    let Some(name) = changes else {
        return Err(Failure::bad("TOPIC_NOT_MODIFIED"));
    };
    request.spend(place, Spend::Messages(1))?;
    known(request, place)?.name = name.clone();
    let told = json!({"name": name});
    tell(request, place, "forum_topic_edited", told);
    Ok(json!(true))
}

pub(super) fn close(request: &mut Request<'_>, closed: bool) -> Outcome {
    let place = request.place()?;
    may_manage(request, place, "not enough rights to manage topics")?;
    let topic = known(request, place)?;
    if topic.closed == closed {
        return Err(Failure::bad("TOPIC_NOT_MODIFIED"));
    }
    request.spend(place, Spend::Messages(1))?;
    known(request, place)?.closed = closed;
    let field = match closed {
        true => "forum_topic_closed",
        false => "forum_topic_reopened",
    };
    tell(request, place, field, json!({}));
    Ok(json!(true))
}

pub(super) fn delete(request: &mut Request<'_>) -> Outcome {
    let place = request.place()?;
    may_manage(request, place, "not enough rights to delete the topic")?;
    known(request, place)?;
    let topic = TopicId(request.parameters.number("message_thread_id"));
    request.state.delete_topic(place, topic);
    *request.changed = true;
    Ok(json!(true))
}

fn tell(request: &mut Request<'_>, place: Place, field: &str, value: Value) {
    let topic = TopicId(request.parameters.number("message_thread_id"));
    let bot = Author::Bot(request.bot);
    let now_ms = request.now_ms;
    request
        .state
        .write_service(now_ms, place, bot, Some(topic), field, value);
    *request.changed = true;
}

fn may_manage(request: &Request<'_>, place: Place, refusal: &str) -> Result<(), Failure> {
    match place {
        Place::Group(id) => {
            let group = request.state.groups.get(&id);
            let group = group.ok_or_else(|| Failure::bad("chat not found"))?;
            if !group.forum {
                return Err(Failure::bad("the chat is not a forum"));
            }
            let rank = group.rank(Author::Bot(request.bot));
            match matches!(rank, Rank::Administrator { topics: true }) {
                true => Ok(()),
                false => Err(Failure::bad(refusal)),
            }
        }
        Place::Private { .. } => {
            let account = request.state.bots.get(&request.bot);
            match account.is_some_and(|account| account.private_topics) {
                true => request.may_write(place),
                false => Err(Failure::bad("the chat is not a forum")),
            }
        }
        Place::Business { .. } => Err(Failure::bad("the chat is not a forum")),
    }
}

/// 1 to 128 characters (T11).
fn name(request: &Request<'_>) -> Result<String, Failure> {
    let name = request.parameters.text("name").trim().to_owned();
    match (1..=128).contains(&crate::entity::units(&name)) {
        true => Ok(name),
        false => Err(Failure::bad("TOPIC_TITLE_EMPTY")),
    }
}

fn known<'a>(request: &'a mut Request<'_>, place: Place) -> Result<&'a mut Topic, Failure> {
    let topic = TopicId(request.parameters.number("message_thread_id"));
    let topics = &mut request.state.room(place).topics;
    topics
        .get_mut(&topic)
        .ok_or_else(|| Failure::bad("TOPIC_ID_INVALID"))
}
