//! Where knowledge comes from.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::id::SourceId;

use crate::asker::{Asker, At, DONE};
use crate::problem::Problem;
use crate::routing::{Routes, routes};
use crate::state::Api;
use crate::wire::documents as wire;

/// The routes of this group.
pub fn router() -> Routes {
    Routes::new()
        .routes(routes!(sources))
        .routes(routes!(remove_source))
}

/// All sources
#[utoipa::path(get, path = "/api/sources", tag = "knowledge",
    responses((status = 200, body = wire::Sources, description = "the sources, oldest first")))]
async fn sources(
    State(api): State<Api>,
    Asker(who): Asker,
) -> Result<Json<wire::Sources>, Problem> {
    let rows = api.app.sources(&who).await?.into_iter();
    let items = rows.map(|row| wire::Source::new(row.source, row.documents));
    Ok(Json(wire::Sources {
        items: items.collect(),
    }))
}

/// Remove a source with its documents
#[utoipa::path(delete, path = "/api/sources/{id}", tag = "knowledge",
    params(("id" = String, Path, description = "the source's id")),
    responses((status = 204, description = "removed")))]
async fn remove_source(
    State(api): State<Api>,
    Asker(who): Asker,
    At(id): At<SourceId>,
) -> Result<StatusCode, Problem> {
    api.app.remove_source(&who, id).await?;
    Ok(DONE)
}
