//! Assistants.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::assistant::AssistantSettings;
use domain::id::AssistantId;

use crate::asker::{Asker, At, Body, DONE};
use crate::problem::Problem;
use crate::routing::{Routes, routes};
use crate::state::Api;
use crate::wire::assistants as wire;

/// The routes of this group.
pub fn router() -> Routes {
    Routes::new()
        .routes(routes!(assistants, create_assistant))
        .routes(routes!(assistant, put_assistant, remove_assistant))
}

/// All assistants
#[utoipa::path(get, path = "/api/assistants", tag = "assistants",
    responses((status = 200, body = wire::Assistants, description = "the assistants, oldest first")))]
async fn assistants(
    State(api): State<Api>,
    Asker(who): Asker,
) -> Result<Json<wire::Assistants>, Problem> {
    let all = api.app.assistants(&who).await?;
    Ok(Json(wire::Assistants {
        items: all.into_iter().map(wire::Assistant::from).collect(),
    }))
}

/// Make an assistant
#[utoipa::path(post, path = "/api/assistants", tag = "assistants",
    request_body = wire::NewAssistant,
    responses((status = 201, body = wire::Assistant, description = "made")))]
async fn create_assistant(
    State(api): State<Api>,
    Asker(who): Asker,
    Body(body): Body<wire::NewAssistant>,
) -> Result<(StatusCode, Json<wire::Assistant>), Problem> {
    let settings = match body.settings {
        Some(settings) => settings.try_into()?,
        None => AssistantSettings::default(),
    };
    let assistant = api.app.create_assistant(&who, &body.name, settings).await?;
    Ok((StatusCode::CREATED, Json(assistant.into())))
}

/// An assistant
#[utoipa::path(get, path = "/api/assistants/{id}", tag = "assistants",
    params(("id" = String, Path, description = "the assistant's id")),
    responses((status = 200, body = wire::Assistant, description = "the assistant")))]
async fn assistant(
    State(api): State<Api>,
    Asker(who): Asker,
    At(id): At<AssistantId>,
) -> Result<Json<wire::Assistant>, Problem> {
    Ok(Json(api.app.assistant(&who, id).await?.into()))
}

/// Change an assistant, unless somebody else was faster
#[utoipa::path(put, path = "/api/assistants/{id}", tag = "assistants",
    params(("id" = String, Path, description = "the assistant's id")),
    request_body = wire::PutAssistant,
    responses((status = 200, body = wire::Assistant, description = "changed; its version has grown")))]
async fn put_assistant(
    State(api): State<Api>,
    Asker(who): Asker,
    At(id): At<AssistantId>,
    Body(body): Body<wire::PutAssistant>,
) -> Result<Json<wire::Assistant>, Problem> {
    let settings = body.settings.try_into()?;
    let changed = api
        .app
        .update_assistant(&who, id, &body.name, settings, body.version)
        .await?;
    Ok(Json(changed.into()))
}

/// Remove an assistant; the last one stays
#[utoipa::path(delete, path = "/api/assistants/{id}", tag = "assistants",
    params(("id" = String, Path, description = "the assistant's id")),
    responses((status = 204, description = "removed")))]
async fn remove_assistant(
    State(api): State<Api>,
    Asker(who): Asker,
    At(id): At<AssistantId>,
) -> Result<StatusCode, Problem> {
    api.app.remove_assistant(&who, id).await?;
    Ok(DONE)
}
