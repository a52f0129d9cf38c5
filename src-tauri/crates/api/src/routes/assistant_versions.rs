//! The versions of an assistant, and how it fared lately.

use axum::Json;
use axum::extract::State;
use domain::id::AssistantId;

use crate::asker::{Asker, At, AtBoth, Body};
use crate::problem::Problem;
use crate::routing::{Routes, routes};
use crate::state::Api;
use crate::wire::assistant_past as past;
use crate::wire::assistant_versions as wire;
use crate::wire::assistants::Assistant;

/// The routes of this group.
pub fn router() -> Routes {
    Routes::new()
        .routes(routes!(assistant_versions))
        .routes(routes!(assistant_version))
        .routes(routes!(return_assistant))
        .routes(routes!(past_questions))
        .routes(routes!(engine_ladder))
}

/// The versions of an assistant, with who made each and what it changed
#[utoipa::path(get, path = "/api/assistants/{id}/versions", tag = "assistants",
    params(("id" = String, Path, description = "the assistant's id")),
    responses((status = 200, body = wire::AssistantVersions, description = "the versions, the present one first")))]
async fn assistant_versions(
    State(api): State<Api>,
    Asker(who): Asker,
    At(id): At<AssistantId>,
) -> Result<Json<wire::AssistantVersions>, Problem> {
    let versions = api.app.assistant_versions(&who, id).await?;
    Ok(Json(wire::AssistantVersions {
        items: versions.into_iter().map(Into::into).collect(),
    }))
}

/// An assistant as it was in a version
#[utoipa::path(get, path = "/api/assistants/{id}/versions/{number}", tag = "assistants",
    params(("id" = String, Path, description = "the assistant's id"),
        ("number" = u32, Path, description = "the version's number")),
    responses((status = 200, body = wire::AssistantThen, description = "as it was")))]
async fn assistant_version(
    State(api): State<Api>,
    Asker(who): Asker,
    AtBoth(id, number): AtBoth<AssistantId, u32>,
) -> Result<Json<wire::AssistantThen>, Problem> {
    Ok(Json(
        api.app.assistant_version(&who, id, number).await?.into(),
    ))
}

/// Return to an earlier version, which makes a new one, unless somebody else was faster
#[utoipa::path(post, path = "/api/assistants/{id}/versions/{number}/return", tag = "assistants",
    params(("id" = String, Path, description = "the assistant's id"),
        ("number" = u32, Path, description = "the version's number")),
    request_body = wire::ReturnAssistant,
    responses((status = 200, body = Assistant, description = "as it was then, with a new version")))]
async fn return_assistant(
    State(api): State<Api>,
    Asker(who): Asker,
    AtBoth(id, number): AtBoth<AssistantId, u32>,
    Body(body): Body<wire::ReturnAssistant>,
) -> Result<Json<Assistant>, Problem> {
    let returned = api
        .app
        .return_assistant(&who, id, number, body.version)
        .await?;
    Ok(Json(returned.into()))
}

/// Questions that were held against the threshold, for seeing what another one would change
#[utoipa::path(get, path = "/api/assistants/{id}/past-questions", tag = "assistants",
    params(("id" = String, Path, description = "the assistant's id")),
    responses((status = 200, body = past::PastQuestions, description = "at most 200, newest first")))]
async fn past_questions(
    State(api): State<Api>,
    Asker(who): Asker,
    At(id): At<AssistantId>,
) -> Result<Json<past::PastQuestions>, Problem> {
    let questions = api.app.past_questions(&who, id).await?;
    Ok(Json(past::PastQuestions {
        items: questions.into_iter().map(Into::into).collect(),
    }))
}

/// Who writes the answers, in order, and how each fared last
#[utoipa::path(get, path = "/api/assistants/{id}/engines", tag = "assistants",
    params(("id" = String, Path, description = "the assistant's id")),
    responses((status = 200, body = past::EngineLadder, description = "the rungs")))]
async fn engine_ladder(
    State(api): State<Api>,
    Asker(who): Asker,
    At(id): At<AssistantId>,
) -> Result<Json<past::EngineLadder>, Problem> {
    let rungs = api.app.engine_ladder(&who, id).await?;
    Ok(Json(past::EngineLadder {
        rungs: rungs.into_iter().map(Into::into).collect(),
    }))
}
