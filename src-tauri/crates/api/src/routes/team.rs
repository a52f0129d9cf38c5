//! The people of a workspace.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::id::MemberId;

use crate::asker::{Asker, At, Body, DONE, From};
use crate::problem::Problem;
use crate::routing::{Routes, routes};
use crate::state::Api;
use crate::wire::team as wire;

/// The routes of this group.
pub fn router() -> Routes {
    Routes::new()
        .routes(routes!(team))
        .routes(routes!(change_role, remove_member))
        .routes(routes!(give_ownership))
        .routes(routes!(reset_second_step))
        .routes(routes!(people_log))
}

/// Everybody in the workspace
#[utoipa::path(get, path = "/api/members", tag = "team",
    responses((status = 200, body = wire::Team, description = "the members, oldest first")))]
async fn team(State(api): State<Api>, Asker(who): Asker) -> Result<Json<wire::Team>, Problem> {
    let items = api.app.team(&who).await?;
    let items = items.into_iter().map(Into::into).collect();
    Ok(Json(wire::Team { items }))
}

/// Give a member another role
///
/// `last_owner` when nobody would own the workspace any more.
#[utoipa::path(patch, path = "/api/members/{id}", tag = "team",
    params(("id" = String, Path, description = "the member's id")),
    request_body = wire::NewRole,
    responses((status = 204, description = "it holds from their next click on")))]
async fn change_role(
    State(api): State<Api>,
    Asker(who): Asker,
    At(id): At<MemberId>,
    Body(body): Body<wire::NewRole>,
) -> Result<StatusCode, Problem> {
    api.app.change_role(&who, id, body.role.into()).await?;
    Ok(DONE)
}

/// Remove a member
///
/// Their sessions end, the conversations they had go back to the assistant, what they wrote stays. `last_owner` when
/// nobody would own the workspace any more.
#[utoipa::path(delete, path = "/api/members/{id}", tag = "team",
    params(("id" = String, Path, description = "the member's id")),
    responses((status = 204, description = "removed")))]
async fn remove_member(
    State(api): State<Api>,
    Asker(who): Asker,
    At(id): At<MemberId>,
) -> Result<StatusCode, Problem> {
    api.app.remove_member(&who, id).await?;
    api.sessions_ended();
    Ok(DONE)
}

/// Make a member an owner and oneself an admin
#[utoipa::path(post, path = "/api/members/{id}/owner", tag = "team",
    params(("id" = String, Path, description = "the member's id")),
    request_body = wire::PasswordAgain,
    responses((status = 204, description = "it is theirs now")))]
async fn give_ownership(
    State(api): State<Api>,
    from: From,
    Asker(who): Asker,
    At(id): At<MemberId>,
    Body(body): Body<wire::PasswordAgain>,
) -> Result<StatusCode, Problem> {
    api.app
        .give_ownership(&who, id, &body.password, from.address)
        .await?;
    Ok(DONE)
}

/// Switch another member's second step off, where telephone and spare codes are lost
#[utoipa::path(delete, path = "/api/members/{id}/second-step", tag = "team",
    params(("id" = String, Path, description = "the member's id")),
    responses((status = 204, description = "their password alone signs them in")))]
async fn reset_second_step(
    State(api): State<Api>,
    Asker(who): Asker,
    At(id): At<MemberId>,
) -> Result<StatusCode, Problem> {
    api.app.reset_second_step(&who, id).await?;
    Ok(DONE)
}

/// Who changed what about whom
#[utoipa::path(get, path = "/api/people-log", tag = "team",
    responses((status = 200, body = wire::PeopleLog, description = "the changes, newest first")))]
async fn people_log(
    State(api): State<Api>,
    Asker(who): Asker,
) -> Result<Json<wire::PeopleLog>, Problem> {
    let items = api.app.people_log(&who).await?;
    let items = items.into_iter().map(Into::into).collect();
    Ok(Json(wire::PeopleLog { items }))
}
