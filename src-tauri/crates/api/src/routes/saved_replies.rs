//! Saved replies: words that operators keep for the next time.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::id::SavedReplyId;

use crate::asker::{Asker, At, Body, DONE};
use crate::problem::Problem;
use crate::routing::{Routes, routes};
use crate::state::Api;
use crate::wire::inbox as wire;

/// The routes of this group.
pub fn router() -> Routes {
    Routes::new()
        .routes(routes!(saved_replies, save_reply))
        .routes(routes!(put_reply, remove_reply))
}

/// The saved replies
#[utoipa::path(get, path = "/api/saved-replies", tag = "inbox",
    responses((status = 200, body = wire::SavedReplies, description = "the replies, by name")))]
async fn saved_replies(
    State(api): State<Api>,
    Asker(who): Asker,
) -> Result<Json<wire::SavedReplies>, Problem> {
    let items = api.app.saved_replies(&who).await?.into_iter();
    Ok(Json(wire::SavedReplies {
        items: items.map(wire::SavedReply::from).collect(),
    }))
}

/// Save a reply for the next time
///
/// `conflict` when another one has its name in its language, `too_large` when there are 500.
#[utoipa::path(post, path = "/api/saved-replies", tag = "inbox",
    request_body = wire::PutSavedReply,
    responses((status = 201, body = wire::SavedReply, description = "saved")))]
async fn save_reply(
    State(api): State<Api>,
    Asker(who): Asker,
    Body(body): Body<wire::PutSavedReply>,
) -> Result<(StatusCode, Json<wire::SavedReply>), Problem> {
    let reply = api.app.put_saved_reply(&who, None, body.parse()?).await?;
    Ok((StatusCode::CREATED, Json(reply.into())))
}

/// Change a saved reply
#[utoipa::path(put, path = "/api/saved-replies/{id}", tag = "inbox",
    params(("id" = String, Path, description = "the reply's id")),
    request_body = wire::PutSavedReply,
    responses((status = 200, body = wire::SavedReply, description = "changed")))]
async fn put_reply(
    State(api): State<Api>,
    Asker(who): Asker,
    At(id): At<SavedReplyId>,
    Body(body): Body<wire::PutSavedReply>,
) -> Result<Json<wire::SavedReply>, Problem> {
    let draft = body.parse()?;
    let reply = api.app.put_saved_reply(&who, Some(id), draft).await?;
    Ok(Json(reply.into()))
}

/// Remove a saved reply
#[utoipa::path(delete, path = "/api/saved-replies/{id}", tag = "inbox",
    params(("id" = String, Path, description = "the reply's id")),
    responses((status = 204, description = "removed")))]
async fn remove_reply(
    State(api): State<Api>,
    Asker(who): Asker,
    At(id): At<SavedReplyId>,
) -> Result<StatusCode, Problem> {
    api.app.remove_saved_reply(&who, id).await?;
    Ok(DONE)
}
