//! The demo company: loaded and removed as a whole.

use axum::extract::State;
use axum::http::StatusCode;

use crate::asker::{Asker, DONE};
use crate::problem::Problem;
use crate::routing::{Routes, routes};
use crate::state::Api;

/// The routes of this group.
pub fn router() -> Routes {
    Routes::new().routes(routes!(load_demo, remove_demo))
}

/// Load the demo company
#[utoipa::path(post, path = "/api/demo", tag = "demo",
    responses((status = 204, description = "loaded; its documents are read in the background")))]
async fn load_demo(State(api): State<Api>, Asker(who): Asker) -> Result<StatusCode, Problem> {
    api.app.load_demo(&who, &api.config().demo).await?;
    Ok(DONE)
}

/// Remove the demo company with its documents and Q&A
#[utoipa::path(delete, path = "/api/demo", tag = "demo",
    responses((status = 204, description = "removed")))]
async fn remove_demo(State(api): State<Api>, Asker(who): Asker) -> Result<StatusCode, Problem> {
    api.app.remove_demo(&who).await?;
    Ok(DONE)
}
