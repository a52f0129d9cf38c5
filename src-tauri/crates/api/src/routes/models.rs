//! The models of this computer: which there are, getting one, trying it, removing it.

use app::models::MAX_MODEL;
use axum::Json;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{DefaultBodyLimit, Multipart, Path, State};
use axum::http::StatusCode;

use crate::asker::{Asker, Body, DONE};
use crate::problem::Problem;
use crate::routes::upload::{WRAPPING, cut, feed, pipe};
use crate::routing::{Routes, routes};
use crate::state::Api;
use crate::wire::models as wire;

/// The routes of this group.
pub fn router() -> Routes {
    let file = usize::try_from(MAX_MODEL + WRAPPING).unwrap_or(usize::MAX);
    Routes::new()
        .routes(routes!(models))
        .routes(routes!(take_model_in).layer(DefaultBodyLimit::max(file)))
        .routes(routes!(download_model))
        .routes(routes!(remove_model))
        .routes(routes!(try_model))
}

/// Take a GGUF file of a chat model in, as it streams
#[utoipa::path(post, path = "/api/models", tag = "settings",
    request_body(content = wire::ModelFile, content_type = "multipart/form-data"),
    responses((status = 201, body = wire::ModelTaken, description = "it is installed")))]
async fn take_model_in(
    State(api): State<Api>,
    Asker(who): Asker,
    form: Result<Multipart, MultipartRejection>,
) -> Result<(StatusCode, Json<wire::ModelTaken>), Problem> {
    let _room = api.take_in()?;
    let mut form = form.map_err(|_| Problem::of_status(StatusCode::UNSUPPORTED_MEDIA_TYPE))?;
    let field = form.next_field().await.map_err(|error| cut(&error))?;
    let Some(field) = field.filter(|field| field.name() == Some("file")) else {
        return Err(Problem::invalid("file", "there is no file in the form"));
    };
    let name = field.file_name().unwrap_or_default().to_owned();
    let (reader, pieces) = pipe();
    let taken = api.app.take_model_in(&who, &name, reader);
    let (taken, fed) = tokio::join!(taken, feed(field, pieces, MAX_MODEL));
    // A body that was cut makes keeping it fail as well: what cut it is the better answer.
    fed?;
    let name = taken?;
    Ok((StatusCode::CREATED, Json(wire::ModelTaken { name })))
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
