//! Labels of conversations.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::id::{ConversationId, InboxLabelId};

use crate::asker::{Asker, At, Body, DONE};
use crate::problem::Problem;
use crate::routing::{Routes, routes};
use crate::state::Api;
use crate::wire::Id;
use crate::wire::inbox as wire;

/// The routes of this group.
pub fn router() -> Routes {
    Routes::new()
        .routes(routes!(inbox_labels, create_inbox_label))
        .routes(routes!(put_inbox_label, remove_inbox_label))
        .routes(routes!(label_conversation))
}

/// The labels of conversations
#[utoipa::path(get, path = "/api/inbox/labels", tag = "inbox",
    responses((status = 200, body = wire::InboxLabels, description = "the labels")))]
async fn inbox_labels(
    State(api): State<Api>,
    Asker(who): Asker,
) -> Result<Json<wire::InboxLabels>, Problem> {
    let items = api.app.inbox_labels(&who).await?.into_iter();
    Ok(Json(wire::InboxLabels {
        items: items.map(wire::InboxLabel::from).collect(),
    }))
}

/// Make a label
///
/// `conflict` when another one has its name, `too_large` when there are 50.
#[utoipa::path(post, path = "/api/inbox/labels", tag = "inbox",
    request_body = wire::PutInboxLabel,
    responses((status = 201, body = wire::InboxLabel, description = "made")))]
async fn create_inbox_label(
    State(api): State<Api>,
    Asker(who): Asker,
    Body(body): Body<wire::PutInboxLabel>,
) -> Result<(StatusCode, Json<wire::InboxLabel>), Problem> {
    let colour = body.colour.into();
    let label = api
        .app
        .put_inbox_label(&who, None, &body.name, colour)
        .await?;
    Ok((StatusCode::CREATED, Json(label.into())))
}

/// Change a label
#[utoipa::path(put, path = "/api/inbox/labels/{id}", tag = "inbox",
    params(("id" = String, Path, description = "the label's id")),
    request_body = wire::PutInboxLabel,
    responses((status = 200, body = wire::InboxLabel, description = "changed")))]
async fn put_inbox_label(
    State(api): State<Api>,
    Asker(who): Asker,
    At(id): At<InboxLabelId>,
    Body(body): Body<wire::PutInboxLabel>,
) -> Result<Json<wire::InboxLabel>, Problem> {
    let colour = body.colour.into();
    let label = api
        .app
        .put_inbox_label(&who, Some(id), &body.name, colour)
        .await?;
    Ok(Json(label.into()))
}

/// Remove a label from everywhere
#[utoipa::path(delete, path = "/api/inbox/labels/{id}", tag = "inbox",
    params(("id" = String, Path, description = "the label's id")),
    responses((status = 204, description = "removed")))]
async fn remove_inbox_label(
    State(api): State<Api>,
    Asker(who): Asker,
    At(id): At<InboxLabelId>,
) -> Result<StatusCode, Problem> {
    api.app.remove_inbox_label(&who, id).await?;
    Ok(DONE)
}

/// Put labels on a conversation and take others off
///
/// `too_large` when it would have more than 10.
#[utoipa::path(post, path = "/api/conversations/{id}/labels", tag = "inbox",
    params(("id" = String, Path, description = "the conversation's id")),
    request_body = wire::ConversationLabels,
    responses((status = 204, description = "changed")))]
async fn label_conversation(
    State(api): State<Api>,
    Asker(who): Asker,
    At(id): At<ConversationId>,
    Body(body): Body<wire::ConversationLabels>,
) -> Result<StatusCode, Problem> {
    let parsed = |field, ids: &[Id]| -> Result<Vec<InboxLabelId>, Problem> {
        ids.iter().map(|id| id.parse(field)).collect()
    };
    let add = parsed("add", &body.add)?;
    let remove = parsed("remove", &body.remove)?;
    api.app.label_conversation(&who, id, add, remove).await?;
    Ok(DONE)
}
