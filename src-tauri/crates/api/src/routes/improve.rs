//! What the knowledge could not answer, and what customers were not content with.

use app::improve::Unanswered;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::id::{MessageId, UnansweredId};
use store::ratings::Review;

use crate::asker::{Asked, Asker, At, Body, DONE};
use crate::problem::Problem;
use crate::routes::{parsed, rows};
use crate::routing::{Routes, routes};
use crate::state::Api;
use crate::wire::improve as wire;
use crate::wire::qa::{PutQa, Qa};

/// The routes of this group.
pub fn router() -> Routes {
    Routes::new()
        .routes(routes!(unanswered))
        .routes(routes!(answer))
        .routes(routes!(dismiss, bring_back))
        .routes(routes!(rated))
        .routes(routes!(correct))
        .routes(routes!(review, review_again))
}

/// Questions that were not answered, in groups of one meaning, those asked most often first
#[utoipa::path(get, path = "/api/improve/unanswered", tag = "improve",
    params(wire::UnansweredQuery),
    responses((status = 200, body = wire::UnansweredPage, description = "a page of groups")))]
async fn unanswered(
    State(api): State<Api>,
    Asker(who): Asker,
    Asked(asked): Asked<wire::UnansweredQuery>,
) -> Result<Json<wire::UnansweredPage>, Problem> {
    let which = match asked.which.unwrap_or_default() {
        wire::Which::Open => Unanswered::Open,
        wire::Which::Suggested => Unanswered::Suggested,
        wire::Which::Dismissed => Unanswered::Dismissed,
    };
    let cursor = parsed("cursor", asked.cursor)?;
    let limit = rows(asked.limit)?;
    let page = api.app.unanswered_list(&who, which, cursor, limit).await?;
    Ok(Json(wire::UnansweredPage {
        items: page.items.into_iter().map(Into::into).collect(),
        next: page.next.map(|cursor| cursor.to_string()),
    }))
}

/// Make the Q&A that answers a group
#[utoipa::path(post, path = "/api/improve/unanswered/{id}/answer", tag = "improve",
    params(("id" = String, Path, description = "the group's id")),
    request_body = PutQa,
    responses((status = 201, body = Qa, description = "made; the group is answered")))]
async fn answer(
    State(api): State<Api>,
    Asker(who): Asker,
    At(id): At<UnansweredId>,
    Body(body): Body<PutQa>,
) -> Result<(StatusCode, Json<Qa>), Problem> {
    let qa = api.app.write_answer(&who, id, body.into()).await?;
    Ok((StatusCode::CREATED, Json(qa.into())))
}

/// Say that a group is not the business's to answer
#[utoipa::path(post, path = "/api/improve/unanswered/{id}/dismiss", tag = "improve",
    params(("id" = String, Path, description = "the group's id")),
    responses((status = 204, description = "dismissed, also when it was already")))]
async fn dismiss(
    State(api): State<Api>,
    Asker(who): Asker,
    At(id): At<UnansweredId>,
) -> Result<StatusCode, Problem> {
    api.app.dismiss_unanswered(&who, id).await?;
    Ok(DONE)
}

/// Bring a dismissed group back
#[utoipa::path(delete, path = "/api/improve/unanswered/{id}/dismiss", tag = "improve",
    params(("id" = String, Path, description = "the group's id")),
    responses((status = 204, description = "it waits again, also when it did already")))]
async fn bring_back(
    State(api): State<Api>,
    Asker(who): Asker,
    At(id): At<UnansweredId>,
) -> Result<StatusCode, Problem> {
    api.app.return_unanswered(&who, id).await?;
    Ok(DONE)
}

/// Low-rated answers that nobody has dealt with, the last rated first
#[utoipa::path(get, path = "/api/improve/rated", tag = "improve",
    params(wire::RatedQuery),
    responses((status = 200, body = wire::RatedPage, description = "a page of answers")))]
async fn rated(
    State(api): State<Api>,
    Asker(who): Asker,
    Asked(asked): Asked<wire::RatedQuery>,
) -> Result<Json<wire::RatedPage>, Problem> {
    let cursor = parsed("cursor", asked.cursor)?;
    let page = api.app.low_rated(&who, cursor, rows(asked.limit)?).await?;
    Ok(Json(wire::RatedPage {
        items: page.items.into_iter().map(Into::into).collect(),
        next: page.next.map(|cursor| cursor.to_string()),
    }))
}

/// Make the Q&A that is said instead of a low-rated answer
#[utoipa::path(post, path = "/api/improve/rated/{id}/answer", tag = "improve",
    params(("id" = String, Path, description = "the answer's message")),
    request_body = PutQa,
    responses((status = 201, body = Qa, description = "made; the answer is dealt with")))]
async fn correct(
    State(api): State<Api>,
    Asker(who): Asker,
    At(id): At<MessageId>,
    Body(body): Body<PutQa>,
) -> Result<(StatusCode, Json<Qa>), Problem> {
    let qa = api.app.correct_answer(&who, id, body.into()).await?;
    Ok((StatusCode::CREATED, Json(qa.into())))
}

/// Say that a low-rated answer is dealt with
#[utoipa::path(post, path = "/api/improve/rated/{id}/dismiss", tag = "improve",
    params(("id" = String, Path, description = "the answer's message")),
    responses((status = 204, description = "dealt with")))]
async fn review(
    State(api): State<Api>,
    Asker(who): Asker,
    At(id): At<MessageId>,
) -> Result<StatusCode, Problem> {
    api.app.review_rated(&who, id, Review::Done).await?;
    Ok(DONE)
}

/// Bring a low-rated answer back
#[utoipa::path(delete, path = "/api/improve/rated/{id}/dismiss", tag = "improve",
    params(("id" = String, Path, description = "the answer's message")),
    responses((status = 204, description = "it waits again")))]
async fn review_again(
    State(api): State<Api>,
    Asker(who): Asker,
    At(id): At<MessageId>,
) -> Result<StatusCode, Problem> {
    api.app.review_rated(&who, id, Review::Again).await?;
    Ok(DONE)
}
