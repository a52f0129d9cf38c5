//! Documents, their text and their passages. Not here: taking them in (`upload`), giving them back (`originals`).

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::id::{DocumentId, PassageId};
use store::documents::{DocumentFilter, StateName};

use crate::asker::{Asked, Asker, At, DONE};
use crate::problem::Problem;
use crate::routes::{parsed, rows};
use crate::routing::{Routes, routes};
use crate::state::Api;
use crate::wire::{Language, documents as wire};

/// The routes of this group.
pub fn router() -> Routes {
    Routes::new()
        .routes(routes!(documents))
        .routes(routes!(document, remove_document))
        .routes(routes!(reread))
        .routes(routes!(text))
        .routes(routes!(passages))
        .routes(routes!(passage))
}

/// A page of documents, newest first
#[utoipa::path(get, path = "/api/documents", tag = "knowledge",
    params(wire::DocumentsQuery),
    responses((status = 200, body = wire::Documents, description = "a page of documents")))]
async fn documents(
    State(api): State<Api>,
    Asker(who): Asker,
    Asked(asked): Asked<wire::DocumentsQuery>,
) -> Result<Json<wire::Documents>, Problem> {
    let filter = DocumentFilter {
        source_id: parsed("source", asked.source)?,
        state: asked.state.map(state_name),
        label: parsed("label", asked.label)?,
        format: asked.format.filter(|format| !format.is_empty()),
        language: asked
            .language
            .filter(|code| !code.is_empty())
            .map(|code| Language::of(&code).parse("language"))
            .transpose()?,
        text: asked.q.unwrap_or_default(),
    };
    let cursor = parsed("cursor", asked.cursor)?;
    let page = api
        .app
        .documents(&who, filter, cursor, rows(asked.limit)?)
        .await?;
    Ok(Json(wire::Documents {
        items: page.items.into_iter().map(wire::Document::from).collect(),
        next: page.next.map(|cursor| cursor.to_string()),
    }))
}

/// A document, or an earlier version of one
#[utoipa::path(get, path = "/api/documents/{id}", tag = "knowledge",
    params(("id" = String, Path, description = "the document's id")),
    responses((status = 200, body = wire::Document, description = "the document")))]
async fn document(
    State(api): State<Api>,
    Asker(who): Asker,
    At(id): At<DocumentId>,
) -> Result<Json<wire::Document>, Problem> {
    Ok(Json(api.app.document(&who, id).await?.into()))
}

/// Remove a document with its earlier versions; its passages are not found from here on
#[utoipa::path(delete, path = "/api/documents/{id}", tag = "knowledge",
    params(("id" = String, Path, description = "the document's id")),
    responses((status = 204, description = "removed")))]
async fn remove_document(
    State(api): State<Api>,
    Asker(who): Asker,
    At(id): At<DocumentId>,
) -> Result<StatusCode, Problem> {
    api.app.remove_document(&who, id).await?;
    Ok(DONE)
}

/// Read a document again
#[utoipa::path(post, path = "/api/documents/{id}/reread", tag = "knowledge",
    params(("id" = String, Path, description = "the document's id")),
    responses((status = 202, body = wire::Document, description = "it waits for its turn")))]
async fn reread(
    State(api): State<Api>,
    Asker(who): Asker,
    At(id): At<DocumentId>,
) -> Result<(StatusCode, Json<wire::Document>), Problem> {
    let document = api.app.reread(&who, id).await?;
    Ok((StatusCode::ACCEPTED, Json(document.into())))
}

/// A document's text as the program reads it
#[utoipa::path(get, path = "/api/documents/{id}/text", tag = "knowledge",
    params(("id" = String, Path, description = "the document's id")),
    responses((status = 200, body = wire::DocumentText, description = "its blocks in reading order")))]
async fn text(
    State(api): State<Api>,
    Asker(who): Asker,
    At(id): At<DocumentId>,
) -> Result<Json<wire::DocumentText>, Problem> {
    let blocks = api.app.document_text(&who, id).await?;
    Ok(Json(wire::DocumentText {
        blocks: blocks.into_iter().map(wire::Block::from).collect(),
    }))
}

/// A page of a document's passages
#[utoipa::path(get, path = "/api/documents/{id}/passages", tag = "knowledge",
    params(("id" = String, Path, description = "the document's id"), wire::PassagesQuery),
    responses((status = 200, body = wire::Passages, description = "a page of passages in reading order")))]
async fn passages(
    State(api): State<Api>,
    Asker(who): Asker,
    At(id): At<DocumentId>,
    Asked(asked): Asked<wire::PassagesQuery>,
) -> Result<Json<wire::Passages>, Problem> {
    let limit = rows(asked.limit)?;
    let passages = api.app.passages(&who, id, asked.after, limit).await?;
    let is_full = passages.len() >= limit as usize;
    let last = passages.last().map(|passage| passage.ordinal);
    Ok(Json(wire::Passages {
        items: passages.into_iter().map(wire::Passage::from).collect(),
        next: last.filter(|_| is_full),
    }))
}

/// A passage with its document
#[utoipa::path(get, path = "/api/passages/{id}", tag = "knowledge",
    params(("id" = String, Path, description = "the passage's id")),
    responses((status = 200, body = wire::PassageInDocument, description = "the passage and its document")))]
async fn passage(
    State(api): State<Api>,
    Asker(who): Asker,
    At(id): At<PassageId>,
) -> Result<Json<wire::PassageInDocument>, Problem> {
    let (passage, document) = api.app.passage(&who, id).await?;
    Ok(Json(wire::PassageInDocument {
        passage: passage.into(),
        document: document.into(),
    }))
}

fn state_name(state: wire::DocumentState) -> StateName {
    match state {
        wire::DocumentState::Pending => StateName::Pending,
        wire::DocumentState::Reading => StateName::Reading,
        wire::DocumentState::Ready => StateName::Ready,
        wire::DocumentState::Failed => StateName::Failed,
    }
}
