//! The second step of signing in: an authenticator app, and spare codes.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;

use crate::asker::{Asker, Body, DONE, From};
use crate::problem::Problem;
use crate::routing::{Routes, routes};
use crate::state::Api;
use crate::wire::second_step as wire;
use crate::wire::team::PasswordAgain;

/// The routes of this group.
pub fn router() -> Routes {
    Routes::new()
        .routes(routes!(second_step, turn_on))
        .routes(routes!(offer))
        .routes(routes!(turn_off))
        .routes(routes!(new_spare_codes))
}

/// How one's own second step stands
#[utoipa::path(get, path = "/api/second-step", tag = "session",
    responses((status = 200, body = wire::SecondStep, description = "how it stands")))]
async fn second_step(
    State(api): State<Api>,
    Asker(who): Asker,
) -> Result<Json<wire::SecondStep>, Problem> {
    let second_step = api.app.second_step(&who).await?;
    Ok(Json(wire::SecondStep {
        is_on: second_step.is_on,
        spare_codes: second_step.spare_codes,
    }))
}

/// Make a secret for one's authenticator app; nothing is switched on yet
#[utoipa::path(post, path = "/api/second-step/offer", tag = "session",
    request_body = PasswordAgain,
    responses((status = 200, body = wire::OfferedSecondStep, description = "the secret, shown this once")))]
async fn offer(
    State(api): State<Api>,
    from: From,
    Asker(who): Asker,
    Body(body): Body<PasswordAgain>,
) -> Result<Json<wire::OfferedSecondStep>, Problem> {
    let offered = api
        .app
        .offer_second_step(&who, &body.password, from.address)
        .await?;
    Ok(Json(wire::OfferedSecondStep {
        secret: offered.secret,
        uri: offered.uri,
    }))
}

/// Switch one's second step on with the app's first code; every other session ends
#[utoipa::path(post, path = "/api/second-step", tag = "session",
    request_body = wire::AppCode,
    responses((status = 200, body = wire::SpareCodes, description = "it is on; the spare codes, shown this once")))]
async fn turn_on(
    State(api): State<Api>,
    Asker(who): Asker,
    Body(body): Body<wire::AppCode>,
) -> Result<Json<wire::SpareCodes>, Problem> {
    let codes = api.app.turn_second_step_on(&who, &body.code).await?;
    api.sessions_ended();
    Ok(Json(wire::SpareCodes { codes }))
}

/// Switch one's own second step off
#[utoipa::path(post, path = "/api/second-step/off", tag = "session",
    request_body = PasswordAgain,
    responses((status = 204, description = "the password alone signs in")))]
async fn turn_off(
    State(api): State<Api>,
    from: From,
    Asker(who): Asker,
    Body(body): Body<PasswordAgain>,
) -> Result<StatusCode, Problem> {
    api.app
        .turn_second_step_off(&who, &body.password, from.address)
        .await?;
    Ok(DONE)
}

/// Make other spare codes; those before open nothing any more
#[utoipa::path(post, path = "/api/second-step/spare-codes", tag = "session",
    request_body = PasswordAgain,
    responses((status = 200, body = wire::SpareCodes, description = "the codes, shown this once")))]
async fn new_spare_codes(
    State(api): State<Api>,
    from: From,
    Asker(who): Asker,
    Body(body): Body<PasswordAgain>,
) -> Result<Json<wire::SpareCodes>, Problem> {
    let codes = api
        .app
        .new_spare_codes(&who, &body.password, from.address)
        .await?;
    Ok(Json(wire::SpareCodes { codes }))
}
