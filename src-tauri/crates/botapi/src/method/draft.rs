//! `sendMessageDraft`: an answer that is being written (A3).

use serde_json::json;

use crate::entity::MOST_TEXT;
use crate::failure::{Failure, Outcome};
use crate::flood::Spend;
use crate::id::Place;
use crate::state::Draft;

use super::{Request, send};

/// A preview goes away by itself after 30 s (A3; sendMessageDraft).
const SHOWN_MS: i64 = 30_000;

pub(super) fn send(request: &mut Request<'_>) -> Outcome {
    let place = request.place()?;
    // Private chats only (A3): groups get edits instead.
    if !matches!(place, Place::Private { .. }) {
        return Err(Failure::bad("TEXTDRAFT_PEER_INVALID"));
    }
    let id = request.parameters.number("draft_id");
    if id == 0 {
        return Err(Failure::bad("RANDOM_ID_INVALID"));
    }
    let content = send::words(
        request,
        "text",
        "entities",
        MOST_TEXT,
        "message is too long",
    )?;
    request.may_write(place)?;
    let topic = send::topic(request, place)?;
    request.spend(place, Spend::Draft)?;
    let draft = Draft {
        id,
        topic,
        content,
        until_ms: request.now_ms + SHOWN_MS,
        can_stop: request.parameters.flag("can_stop"),
    };
    request.state.room(place).draft = Some(draft);
    *request.changed = true;
    Ok(json!(true))
}
