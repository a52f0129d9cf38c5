//! Labels of documents, and what documents can be told apart by.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::id::DocumentId;

use crate::asker::{Asker, Body, DONE};
use crate::problem::Problem;
use crate::routing::{Routes, routes};
use crate::state::Api;
use crate::wire::labels as wire;

/// The routes of this group.
pub fn router() -> Routes {
    Routes::new()
        .routes(routes!(change_labels))
        .routes(routes!(kinds))
}

/// Put labels on documents and take others off
#[utoipa::path(post, path = "/api/labels", tag = "knowledge",
    request_body = wire::LabelChange,
    responses((status = 204, description = "changed on all of them")))]
async fn change_labels(
    State(api): State<Api>,
    Asker(who): Asker,
    Body(body): Body<wire::LabelChange>,
) -> Result<StatusCode, Problem> {
    let documents = body.documents.iter().map(|id| id.parse("documents"));
    let documents: Vec<DocumentId> = documents.collect::<Result<_, _>>()?;
    let add = wire::parsed("add", body.add)?;
    let remove = wire::parsed("remove", body.remove)?;
    api.app.change_labels(&who, documents, add, remove).await?;
    Ok(DONE)
}

/// What documents there are: labels, formats, languages
#[utoipa::path(get, path = "/api/kinds", tag = "knowledge",
    responses((status = 200, body = wire::DocumentKinds, description = "each with how many documents are like that")))]
async fn kinds(
    State(api): State<Api>,
    Asker(who): Asker,
) -> Result<Json<wire::DocumentKinds>, Problem> {
    Ok(Json(api.app.document_kinds(&who).await?.into()))
}
