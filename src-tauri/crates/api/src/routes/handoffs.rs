//! Who has a conversation, and what members do about it: take it, answer, note, give it back, ban.

use app::handoff::Ban;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::id::ConversationId;

use crate::asker::{Asked, Asker, At, Body, DONE};
use crate::problem::Problem;
use crate::routes::{parsed, rows};
use crate::routing::{Routes, routes};
use crate::state::Api;
use crate::wire::Id;
use crate::wire::contacts::Profile;
use crate::wire::conversations::Message;
use crate::wire::handoffs as wire;
use crate::wire::handoffs::HandoffActKind;

/// The routes of this group.
pub fn router() -> Routes {
    Routes::new()
        .routes(routes!(handoffs))
        .routes(routes!(handoff, act))
        .routes(routes!(log))
        .routes(routes!(reply))
        .routes(routes!(notes, add_note))
        .routes(routes!(profile))
        .routes(routes!(ban, unban))
}

/// A page of conversations that left the assistant, the one that changed hands last first
#[utoipa::path(get, path = "/api/handoffs", tag = "handoff",
    params(wire::HandoffsQuery),
    responses((status = 200, body = wire::Handoffs, description = "a page of conversations")))]
async fn handoffs(
    State(api): State<Api>,
    Asker(who): Asker,
    Asked(asked): Asked<wire::HandoffsQuery>,
) -> Result<Json<wire::Handoffs>, Problem> {
    let cursor = parsed("cursor", asked.cursor)?;
    let state = asked.state.map(Into::into);
    let page = api
        .app
        .handoffs(&who, state, cursor, rows(asked.limit)?)
        .await?;
    Ok(Json(wire::Handoffs {
        items: page.items.into_iter().map(wire::HandoffRow::from).collect(),
        next: page.next.map(|cursor| cursor.to_string()),
    }))
}

/// Who has a conversation
#[utoipa::path(get, path = "/api/conversations/{id}/handoff", tag = "handoff",
    params(("id" = String, Path, description = "the conversation's id")),
    responses((status = 200, body = wire::Handoff, description = "who")))]
async fn handoff(
    State(api): State<Api>,
    Asker(who): Asker,
    At(id): At<ConversationId>,
) -> Result<Json<wire::Handoff>, Problem> {
    Ok(Json(api.app.handoff(&who, id).await?.into()))
}

/// Take a conversation, hand it back, close it, open it again
///
/// `conflict` when another operator has it, or when there is nothing to hand back or to open. Done twice is done
/// once.
#[utoipa::path(post, path = "/api/conversations/{id}/handoff", tag = "handoff",
    params(("id" = String, Path, description = "the conversation's id")),
    request_body = wire::HandoffAct,
    responses((status = 200, body = wire::Handoff, description = "who has it now")))]
async fn act(
    State(api): State<Api>,
    Asker(who): Asker,
    At(id): At<ConversationId>,
    Body(body): Body<wire::HandoffAct>,
) -> Result<Json<wire::Handoff>, Problem> {
    let handoff = match body.act {
        HandoffActKind::Take => api.app.take(&who, id).await?,
        HandoffActKind::HandBack => api.app.hand_back(&who, id).await?,
        HandoffActKind::Close => api.app.close_conversation(&who, id).await?,
        HandoffActKind::Reopen => api.app.reopen(&who, id).await?,
    };
    Ok(Json(handoff.into()))
}

/// What happened to a conversation
#[utoipa::path(get, path = "/api/conversations/{id}/handoff/log", tag = "handoff",
    params(("id" = String, Path, description = "the conversation's id")),
    responses((status = 200, body = wire::HandoffLog, description = "what happened, oldest first")))]
async fn log(
    State(api): State<Api>,
    Asker(who): Asker,
    At(id): At<ConversationId>,
) -> Result<Json<wire::HandoffLog>, Problem> {
    let log = api.app.handoff_log(&who, id).await?.into_iter();
    Ok(Json(wire::HandoffLog {
        items: log.map(wire::Transition::from).collect(),
    }))
}

/// Write to the customer, which takes the conversation
///
/// `conflict` when another operator has it.
#[utoipa::path(post, path = "/api/conversations/{id}/reply", tag = "handoff",
    params(("id" = String, Path, description = "the conversation's id")),
    request_body = wire::Reply,
    responses((status = 201, body = Message, description = "kept; it is on its way")))]
async fn reply(
    State(api): State<Api>,
    Asker(who): Asker,
    At(id): At<ConversationId>,
    Body(body): Body<wire::Reply>,
) -> Result<(StatusCode, Json<Message>), Problem> {
    let message = api.app.reply(&who, id, &body.text).await?;
    Ok((StatusCode::CREATED, Json(message.into())))
}

/// The notes of a conversation
#[utoipa::path(get, path = "/api/conversations/{id}/notes", tag = "handoff",
    params(("id" = String, Path, description = "the conversation's id")),
    responses((status = 200, body = wire::Notes, description = "the notes, oldest first")))]
async fn notes(
    State(api): State<Api>,
    Asker(who): Asker,
    At(id): At<ConversationId>,
) -> Result<Json<wire::Notes>, Problem> {
    let notes = api.app.notes(&who, id).await?.into_iter();
    Ok(Json(wire::Notes {
        items: notes.map(wire::Note::from).collect(),
    }))
}

/// Write a note that no customer ever sees
#[utoipa::path(post, path = "/api/conversations/{id}/notes", tag = "handoff",
    params(("id" = String, Path, description = "the conversation's id")),
    request_body = wire::NewNote,
    responses((status = 201, body = wire::Note, description = "kept")))]
async fn add_note(
    State(api): State<Api>,
    Asker(who): Asker,
    At(id): At<ConversationId>,
    Body(body): Body<wire::NewNote>,
) -> Result<(StatusCode, Json<wire::Note>), Problem> {
    let note = api.app.note(&who, id, &body.text).await?;
    Ok((StatusCode::CREATED, Json(note.into())))
}

/// What is known of the customer
#[utoipa::path(get, path = "/api/conversations/{id}/profile", tag = "handoff",
    params(("id" = String, Path, description = "the conversation's id")),
    responses((status = 200, body = Profile, description = "what is known")))]
async fn profile(
    State(api): State<Api>,
    Asker(who): Asker,
    At(id): At<ConversationId>,
) -> Result<Json<Profile>, Problem> {
    let contact = api.app.conversation(&who, id).await?.contact_id;
    let profile = api.app.contact_profile(&who, id).await?;
    Ok(Json(Profile::of(Id::of(contact), profile)))
}

/// Ban the customer: nothing of theirs is taken in
#[utoipa::path(post, path = "/api/conversations/{id}/ban", tag = "handoff",
    params(("id" = String, Path, description = "the conversation's id")),
    responses((status = 204, description = "banned")))]
async fn ban(
    State(api): State<Api>,
    Asker(who): Asker,
    At(id): At<ConversationId>,
) -> Result<StatusCode, Problem> {
    api.app.ban(&who, id, Ban::Banned).await?;
    Ok(DONE)
}

/// Let the customer write again
#[utoipa::path(delete, path = "/api/conversations/{id}/ban", tag = "handoff",
    params(("id" = String, Path, description = "the conversation's id")),
    responses((status = 204, description = "the ban is gone")))]
async fn unban(
    State(api): State<Api>,
    Asker(who): Asker,
    At(id): At<ConversationId>,
) -> Result<StatusCode, Problem> {
    api.app.ban(&who, id, Ban::Free).await?;
    Ok(DONE)
}
