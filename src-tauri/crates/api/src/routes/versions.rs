//! Versions of a document: the list, what changed, the way back.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::id::DocumentId;

use crate::asker::{Asked, Asker, At};
use crate::problem::Problem;
use crate::routes::parsed;
use crate::routing::{Routes, routes};
use crate::state::Api;
use crate::wire::documents::Document;
use crate::wire::versions as wire;

/// The routes of this group.
pub fn router() -> Routes {
    Routes::new()
        .routes(routes!(versions))
        .routes(routes!(changes))
        .routes(routes!(return_to))
}

/// All versions of a document
#[utoipa::path(get, path = "/api/documents/{id}/versions", tag = "knowledge",
    params(("id" = String, Path, description = "the id of any of its versions")),
    responses((status = 200, body = wire::Versions, description = "its versions, the newest first")))]
async fn versions(
    State(api): State<Api>,
    Asker(who): Asker,
    At(id): At<DocumentId>,
) -> Result<Json<wire::Versions>, Problem> {
    let versions = api.app.document_versions(&who, id).await?;
    Ok(Json(wire::Versions {
        items: versions.into_iter().map(Document::from).collect(),
    }))
}

/// What changed in a version since the one before
#[utoipa::path(get, path = "/api/documents/{id}/changes", tag = "knowledge",
    params(("id" = String, Path, description = "the version's id"), wire::ChangesQuery),
    responses((status = 200, body = wire::Difference, description = "the changed lines and rows")))]
async fn changes(
    State(api): State<Api>,
    Asker(who): Asker,
    At(id): At<DocumentId>,
    Asked(asked): Asked<wire::ChangesQuery>,
) -> Result<Json<wire::Difference>, Problem> {
    let since = parsed("since", asked.since)?;
    Ok(Json(api.app.changes(&who, id, since).await?.into()))
}

/// Make an earlier version the newest one again
#[utoipa::path(post, path = "/api/documents/{id}/return", tag = "knowledge",
    params(("id" = String, Path, description = "the version's id; that of the present one takes a return back")),
    responses((status = 202, body = Document, description = "it waits to be read, and answers from then on")))]
async fn return_to(
    State(api): State<Api>,
    Asker(who): Asker,
    At(id): At<DocumentId>,
) -> Result<(StatusCode, Json<Document>), Problem> {
    let document = api.app.return_to_version(&who, id).await?;
    Ok((StatusCode::ACCEPTED, Json(document.into())))
}
