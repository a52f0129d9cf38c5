//! The first steps of a new workspace: how far they have come, and questions that its documents can answer.

use axum::Json;
use axum::extract::State;

use crate::asker::{Asked, Asker, Body};
use crate::problem::Problem;
use crate::routes::parsed;
use crate::routing::{Routes, routes};
use crate::state::Api;
use crate::wire::first_run as wire;

/// The routes of this group.
pub fn router() -> Routes {
    Routes::new()
        .routes(routes!(first_run, put_first_run))
        .routes(routes!(sample_questions))
}

/// How far the first steps have come
#[utoipa::path(get, path = "/api/first-run", tag = "status",
    responses((status = 200, body = wire::FirstRun, description = "how far")))]
async fn first_run(
    State(api): State<Api>,
    Asker(who): Asker,
) -> Result<Json<wire::FirstRun>, Problem> {
    Ok(Json(api.app.first_run(&who).await?.into()))
}

/// Remember how far the first steps have come
#[utoipa::path(put, path = "/api/first-run", tag = "status",
    request_body = wire::FirstRun,
    responses((status = 200, body = wire::FirstRun, description = "remembered")))]
async fn put_first_run(
    State(api): State<Api>,
    Asker(who): Asker,
    Body(body): Body<wire::FirstRun>,
) -> Result<Json<wire::FirstRun>, Problem> {
    let kept = api.app.set_first_run(&who, body.into()).await?;
    Ok(Json(kept.into()))
}

/// Questions that the documents can answer, made from them without any model, and usual ones that they cannot
#[utoipa::path(get, path = "/api/first-run/questions", tag = "status",
    params(wire::SampleQuery),
    responses((status = 200, body = wire::SampleQuestions, description = "at most five of each")))]
async fn sample_questions(
    State(api): State<Api>,
    Asker(who): Asker,
    Asked(asked): Asked<wire::SampleQuery>,
) -> Result<Json<wire::SampleQuestions>, Problem> {
    let assistant = parsed("assistant", asked.assistant)?;
    Ok(Json(
        api.app.sample_questions(&who, assistant).await?.into(),
    ))
}
