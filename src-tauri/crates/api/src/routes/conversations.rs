//! Conversations and what was said in them. Not here: saying something (`answers`).

use std::collections::HashMap;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::id::{ConversationId, MessageId};
use store::inbox::InboxFilter;

use crate::asker::{Asked, Asker, At, Body};
use crate::problem::Problem;
use crate::routes::{parsed, rows};
use crate::routing::{Routes, routes};
use crate::state::Api;
use crate::wire::conversations as wire;
use crate::wire::inbox as wire_inbox;
use crate::wire::trace::Trace;

/// The routes of this group.
pub fn router() -> Routes {
    Routes::new()
        .routes(routes!(conversations, start))
        .routes(routes!(conversation))
        .routes(routes!(messages))
        .routes(routes!(trace))
}

/// A page of conversations, the latest first
#[utoipa::path(get, path = "/api/conversations", tag = "conversations",
    params(wire::ConversationsQuery),
    responses((status = 200, body = wire::Conversations, description = "a page of conversations")))]
async fn conversations(
    State(api): State<Api>,
    Asker(who): Asker,
    Asked(asked): Asked<wire::ConversationsQuery>,
) -> Result<Json<wire::Conversations>, Problem> {
    let filter = InboxFilter {
        channels: asked.channel.map(Into::into),
        assistant_id: parsed("assistant", asked.assistant)?,
        handoff: asked.handoff.map(Into::into),
        assignee: wire_inbox::assignee(asked.assignee)?,
        label: parsed("label", asked.label)?,
    };
    let cursor = parsed("cursor", asked.cursor)?;
    let page = api
        .app
        .inbox(&who, filter, cursor, rows(asked.limit)?)
        .await?;
    let items = page.items.into_iter().map(wire::Conversation::from);
    Ok(Json(wire::Conversations {
        items: items.collect(),
        next: page.next.map(|cursor| cursor.to_string()),
    }))
}

/// Start a conversation in the Playground
#[utoipa::path(post, path = "/api/conversations", tag = "conversations",
    request_body = wire::NewConversation,
    responses((status = 201, body = wire::Conversation, description = "started")))]
async fn start(
    State(api): State<Api>,
    Asker(who): Asker,
    Body(body): Body<wire::NewConversation>,
) -> Result<(StatusCode, Json<wire::Conversation>), Problem> {
    let assistant_id = body.assistant_id.parse("assistant_id")?;
    let conversation = api.app.start_playground(&who, assistant_id).await?;
    Ok((StatusCode::CREATED, Json(conversation.into())))
}

/// A conversation
#[utoipa::path(get, path = "/api/conversations/{id}", tag = "conversations",
    params(("id" = String, Path, description = "the conversation's id")),
    responses((status = 200, body = wire::Conversation, description = "the conversation")))]
async fn conversation(
    State(api): State<Api>,
    Asker(who): Asker,
    At(id): At<ConversationId>,
) -> Result<Json<wire::Conversation>, Problem> {
    Ok(Json(api.app.inbox_row(&who, id).await?.into()))
}

/// A page of messages, oldest first; the last ones unless `before` says otherwise
#[utoipa::path(get, path = "/api/conversations/{id}/messages", tag = "conversations",
    params(("id" = String, Path, description = "the conversation's id"), wire::MessagesQuery),
    responses((status = 200, body = wire::Messages, description = "a page of messages")))]
async fn messages(
    State(api): State<Api>,
    Asker(who): Asker,
    At(id): At<ConversationId>,
    Asked(asked): Asked<wire::MessagesQuery>,
) -> Result<Json<wire::Messages>, Problem> {
    let limit = rows(asked.limit)?;
    let messages = api.app.messages(&who, id, asked.before, limit).await?;
    let is_full = messages.len() >= limit as usize;
    let first = messages.first().map(|message| message.seq);
    let beside = api.app.beside(&who, id, &messages).await?;
    let mut beside: HashMap<_, _> = beside.into_iter().collect();
    let items = messages.into_iter().map(|message| {
        let beside = beside.remove(&message.id).unwrap_or_default();
        wire::Message::from(message).with(beside)
    });
    Ok(Json(wire::Messages {
        items: items.collect(),
        next: first.filter(|seq| is_full && *seq > 1),
    }))
}

/// Why an answer is what it is
#[utoipa::path(get, path = "/api/messages/{id}/trace", tag = "conversations",
    params(("id" = String, Path, description = "the answer's id")),
    responses((status = 200, body = Trace, description = "the steps that led to it")))]
async fn trace(
    State(api): State<Api>,
    Asker(who): Asker,
    At(id): At<MessageId>,
) -> Result<Json<Trace>, Problem> {
    Ok(Json(api.app.trace(&who, id).await?.into()))
}
