//! The models of this computer: which there are, getting one, trying it, removing it.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::asker::{Asker, Body, DONE};
use crate::problem::Problem;
use crate::state::Api;
use crate::wire::models as wire;

/// The routes of this group.
pub fn router() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(models))
        .routes(routes!(download_model))
        .routes(routes!(remove_model))
        .routes(routes!(try_model))
}

/// The models of this computer, and those that can be had
#[utoipa::path(get, path = "/api/models", tag = "settings",
    responses((status = 200, body = wire::Models, description = "the models")))]
async fn models(State(api): State<Api>, Asker(who): Asker) -> Result<Json<wire::Models>, Problem> {
    Ok(Json(api.app.models(&who).await?.into()))
}

/// Begin to download a model, or go on with it
#[utoipa::path(post, path = "/api/models/{name}/download", tag = "settings",
    params(("name" = String, Path, description = "the name of an offered model")),
    responses((status = 204, description = "it runs; the list of models says how far it is")))]
async fn download_model(
    State(api): State<Api>,
    Asker(who): Asker,
    Path(name): Path<String>,
) -> Result<StatusCode, Problem> {
    api.app.download_model(&who, &name).await?;
    Ok(DONE)
}

/// Remove a model's files
#[utoipa::path(delete, path = "/api/models/{name}", tag = "settings",
    params(("name" = String, Path, description = "the name of an installed model")),
    responses((status = 204, description = "removed")))]
async fn remove_model(
    State(api): State<Api>,
    Asker(who): Asker,
    Path(name): Path<String>,
) -> Result<StatusCode, Problem> {
    api.app.remove_model(&who, &name).await?;
    Ok(DONE)
}

/// Let a chat model write a few words
#[utoipa::path(post, path = "/api/models/{name}/try", tag = "settings",
    params(("name" = String, Path, description = "the name of an installed chat model")),
    request_body = wire::ModelTrial,
    responses((status = 200, body = wire::ModelTried, description = "what it wrote, and how fast")))]
async fn try_model(
    State(api): State<Api>,
    Asker(who): Asker,
    Path(name): Path<String>,
    Body(trial): Body<wire::ModelTrial>,
) -> Result<Json<wire::ModelTried>, Problem> {
    Ok(Json(
        api.app.try_model(&who, &name, &trial.text).await?.into(),
    ))
}
