//! Slow or failing work.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::id::JobId;

use crate::asker::{Asked, Asker, At, DONE};
use crate::problem::Problem;
use crate::routes::{parsed, rows};
use crate::routing::{Routes, routes};
use crate::state::Api;
use crate::wire::jobs as wire;

/// The routes of this group.
pub fn router() -> Routes {
    Routes::new()
        .routes(routes!(jobs))
        .routes(routes!(retry_job))
        .routes(routes!(retry_jobs))
}

/// A page of jobs, newest first
#[utoipa::path(get, path = "/api/jobs", tag = "jobs",
    params(wire::JobsQuery),
    responses((status = 200, body = wire::Jobs, description = "a page of jobs")))]
async fn jobs(
    State(api): State<Api>,
    Asker(who): Asker,
    Asked(asked): Asked<wire::JobsQuery>,
) -> Result<Json<wire::Jobs>, Problem> {
    let state = asked.state.map(|state| state.into());
    let cursor = parsed("cursor", asked.cursor)?;
    let page = api
        .app
        .jobs(&who, state, cursor, rows(asked.limit)?)
        .await?;
    Ok(Json(wire::Jobs {
        items: page.items.into_iter().map(wire::Job::from).collect(),
        next: page.next.map(|cursor| cursor.to_string()),
    }))
}

/// Let a dead job run again now
#[utoipa::path(post, path = "/api/jobs/{id}/retry", tag = "jobs",
    params(("id" = String, Path, description = "the job's id")),
    responses((status = 204, description = "it runs again")))]
async fn retry_job(
    State(api): State<Api>,
    Asker(who): Asker,
    At(id): At<JobId>,
) -> Result<StatusCode, Problem> {
    api.app.retry_job(&who, id).await?;
    Ok(DONE)
}

/// Let the dead jobs run again now, at most 1,000
#[utoipa::path(post, path = "/api/jobs/retry", tag = "jobs",
    responses((status = 200, body = wire::Retried, description = "how many run again")))]
async fn retry_jobs(
    State(api): State<Api>,
    Asker(who): Asker,
) -> Result<Json<wire::Retried>, Problem> {
    let jobs = api.app.retry_jobs(&who).await?;
    Ok(Json(wire::Retried { jobs }))
}
