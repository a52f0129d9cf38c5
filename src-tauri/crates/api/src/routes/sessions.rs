//! Where a member is signed in, and ending it.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::id::SessionId;

use crate::asker::{Asker, At, DONE};
use crate::problem::Problem;
use crate::routing::{Routes, routes};
use crate::state::Api;
use crate::wire::sessions as wire;

/// The routes of this group.
pub fn router() -> Routes {
    Routes::new()
        .routes(routes!(sessions, end_other_sessions))
        .routes(routes!(end_session))
}

/// Where the member is signed in
#[utoipa::path(get, path = "/api/sessions", tag = "session",
    responses((status = 200, body = wire::Sessions, description = "the places, the one used last first")))]
async fn sessions(
    State(api): State<Api>,
    Asker(who): Asker,
) -> Result<Json<wire::Sessions>, Problem> {
    let items = api.app.sessions(&who).await?;
    let items = items.into_iter().map(Into::into).collect();
    Ok(Json(wire::Sessions { items }))
}

/// Sign the member out everywhere else
#[utoipa::path(delete, path = "/api/sessions", tag = "session",
    responses((status = 204, description = "all other sessions are over")))]
async fn end_other_sessions(
    State(api): State<Api>,
    Asker(who): Asker,
) -> Result<StatusCode, Problem> {
    api.app.end_other_sessions(&who).await?;
    api.sessions_ended();
    Ok(DONE)
}

/// Sign the member out at one place
#[utoipa::path(delete, path = "/api/sessions/{id}", tag = "session",
    params(("id" = String, Path, description = "the session's id")),
    responses((status = 204, description = "it is over")))]
async fn end_session(
    State(api): State<Api>,
    Asker(who): Asker,
    At(id): At<SessionId>,
) -> Result<StatusCode, Problem> {
    api.app.end_session(&who, id).await?;
    api.sessions_ended();
    Ok(DONE)
}
