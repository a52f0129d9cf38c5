//! The Inbox beside its conversations: what its lists count and find, who looks after what, who is there.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::id::{ConversationId, MemberId};

use crate::asker::{Asked, Asker, At, Body, DONE};
use crate::problem::Problem;
use crate::routes::rows;
use crate::routing::{Routes, routes};
use crate::state::Api;
use crate::wire::Id;
use crate::wire::inbox as wire;

/// The routes of this group.
pub fn router() -> Routes {
    Routes::new()
        .routes(routes!(inbox_counts))
        .routes(routes!(search_inbox))
        .routes(routes!(colleagues))
        .routes(routes!(assign))
        .routes(routes!(assignments))
        .routes(routes!(be_present))
}

/// How many conversations the lists have
#[utoipa::path(get, path = "/api/inbox/counts", tag = "inbox",
    params(wire::CountsQuery),
    responses((status = 200, body = wire::InboxCounts, description = "how many")))]
async fn inbox_counts(
    State(api): State<Api>,
    Asker(who): Asker,
    Asked(asked): Asked<wire::CountsQuery>,
) -> Result<Json<wire::InboxCounts>, Problem> {
    let (all, mine) = api.app.inbox_counts(&who, asked.channel.into()).await?;
    Ok(Json(wire::InboxCounts {
        all: all.into(),
        mine: mine.into(),
    }))
}

/// Find conversations by what was said in them and by who writes
#[utoipa::path(get, path = "/api/inbox/search", tag = "inbox",
    params(wire::InboxSearchQuery),
    responses((status = 200, body = wire::InboxFound, description = "a page of what was found")))]
async fn search_inbox(
    State(api): State<Api>,
    Asker(who): Asker,
    Asked(asked): Asked<wire::InboxSearchQuery>,
) -> Result<Json<wire::InboxFound>, Problem> {
    let channel = asked.channel.map(Into::into);
    let found = api
        .app
        .search_inbox(&who, &asked.q, channel, asked.after, rows(asked.limit)?)
        .await?;
    Ok(Json(found.into()))
}

/// Everybody in the workspace, by name only
#[utoipa::path(get, path = "/api/colleagues", tag = "inbox",
    responses((status = 200, body = wire::Colleagues, description = "the members, oldest first")))]
async fn colleagues(
    State(api): State<Api>,
    Asker(who): Asker,
) -> Result<Json<wire::Colleagues>, Problem> {
    let items = api.app.colleagues(&who).await?.into_iter();
    Ok(Json(wire::Colleagues {
        items: items.map(wire::Colleague::from).collect(),
    }))
}

/// Give a conversation to a member, or to nobody
///
/// One that a person has becomes the other one's with it. `conflict` when it is to be nobody's while a person has it.
#[utoipa::path(put, path = "/api/conversations/{id}/assignee", tag = "inbox",
    params(("id" = String, Path, description = "the conversation's id")),
    request_body = wire::Assign,
    responses((status = 204, description = "given")))]
async fn assign(
    State(api): State<Api>,
    Asker(who): Asker,
    At(id): At<ConversationId>,
    Body(body): Body<wire::Assign>,
) -> Result<StatusCode, Problem> {
    let member = body.member_id.map(|id| id.parse::<MemberId>("member_id"));
    api.app.assign(&who, id, member.transpose()?).await?;
    Ok(DONE)
}

/// Who gave a conversation to whom
#[utoipa::path(get, path = "/api/conversations/{id}/assignments", tag = "inbox",
    params(("id" = String, Path, description = "the conversation's id")),
    responses((status = 200, body = wire::Assignments, description = "what happened, oldest first")))]
async fn assignments(
    State(api): State<Api>,
    Asker(who): Asker,
    At(id): At<ConversationId>,
) -> Result<Json<wire::Assignments>, Problem> {
    let log = api.app.assignments(&who, id).await?.into_iter();
    Ok(Json(wire::Assignments {
        items: log.map(wire::Assignment::from).collect(),
    }))
}

/// Say that a page shows a conversation, or that somebody types in it
///
/// Kept in memory for seconds only; whoever listens to `/api/events` is told by `event: presence`.
#[utoipa::path(post, path = "/api/conversations/{id}/presence", tag = "inbox",
    params(("id" = String, Path, description = "the conversation's id")),
    request_body = wire::BePresent,
    responses((status = 200, body = wire::Presence, description = "who is there now, oneself as well")))]
async fn be_present(
    State(api): State<Api>,
    Asker(who): Asker,
    At(id): At<ConversationId>,
    Body(body): Body<wire::BePresent>,
) -> Result<Json<wire::Presence>, Problem> {
    let present = api
        .app
        .be_present(&who, id, &body.page, body.doing.into())
        .await?;
    Ok(Json(wire::Presence {
        conversation_id: Id::of(id),
        present: present.into_iter().map(wire::Present::from).collect(),
    }))
}
