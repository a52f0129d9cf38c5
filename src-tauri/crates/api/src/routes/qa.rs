//! Questions with their approved answers.

use app::qa::QaDraft;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::id::QaId;

use crate::asker::{Asked, Asker, At, Body, DONE};
use crate::problem::Problem;
use crate::routes::{parsed, rows};
use crate::routing::{Routes, routes};
use crate::state::Api;
use crate::wire::qa as wire;

/// The routes of this group.
pub fn router() -> Routes {
    Routes::new()
        .routes(routes!(list_qa, create_qa))
        .routes(routes!(qa, put_qa, remove_qa))
}

/// A page of Q&A, newest first
#[utoipa::path(get, path = "/api/qa", tag = "qa",
    params(wire::QaQuery),
    responses((status = 200, body = wire::Qas, description = "a page of Q&A")))]
async fn list_qa(
    State(api): State<Api>,
    Asker(who): Asker,
    Asked(asked): Asked<wire::QaQuery>,
) -> Result<Json<wire::Qas>, Problem> {
    let text = asked.q.unwrap_or_default();
    let cursor = parsed("cursor", asked.cursor)?;
    let page = api
        .app
        .qa_list(&who, &text, cursor, rows(asked.limit)?)
        .await?;
    Ok(Json(wire::Qas {
        items: page.items.into_iter().map(wire::Qa::from).collect(),
        next: page.next.map(|cursor| cursor.to_string()),
    }))
}

/// Make a Q&A
#[utoipa::path(post, path = "/api/qa", tag = "qa",
    request_body = wire::PutQa,
    responses((status = 201, body = wire::Qa, description = "made")))]
async fn create_qa(
    State(api): State<Api>,
    Asker(who): Asker,
    Body(body): Body<wire::PutQa>,
) -> Result<(StatusCode, Json<wire::Qa>), Problem> {
    let qa = api.app.put_qa(&who, None, body.into()).await?;
    Ok((StatusCode::CREATED, Json(qa.into())))
}

/// A Q&A
#[utoipa::path(get, path = "/api/qa/{id}", tag = "qa",
    params(("id" = String, Path, description = "the Q&A's id")),
    responses((status = 200, body = wire::Qa, description = "the Q&A")))]
async fn qa(
    State(api): State<Api>,
    Asker(who): Asker,
    At(id): At<QaId>,
) -> Result<Json<wire::Qa>, Problem> {
    Ok(Json(api.app.qa(&who, id).await?.into()))
}

/// Change a Q&A
#[utoipa::path(put, path = "/api/qa/{id}", tag = "qa",
    params(("id" = String, Path, description = "the Q&A's id")),
    request_body = wire::PutQa,
    responses((status = 200, body = wire::Qa, description = "changed")))]
async fn put_qa(
    State(api): State<Api>,
    Asker(who): Asker,
    At(id): At<QaId>,
    Body(body): Body<wire::PutQa>,
) -> Result<Json<wire::Qa>, Problem> {
    let qa = api.app.put_qa(&who, Some(id), body.into()).await?;
    Ok(Json(qa.into()))
}

/// Remove a Q&A
#[utoipa::path(delete, path = "/api/qa/{id}", tag = "qa",
    params(("id" = String, Path, description = "the Q&A's id")),
    responses((status = 204, description = "removed")))]
async fn remove_qa(
    State(api): State<Api>,
    Asker(who): Asker,
    At(id): At<QaId>,
) -> Result<StatusCode, Problem> {
    api.app.remove_qa(&who, id).await?;
    Ok(DONE)
}

impl From<wire::PutQa> for QaDraft {
    fn from(body: wire::PutQa) -> QaDraft {
        QaDraft {
            questions: body.questions,
            answer: body.answer,
        }
    }
}
