//! Newer versions of the program.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;

use crate::asker::{Asker, Body, DONE, From};
use crate::problem::Problem;
use crate::routing::{Routes, routes};
use crate::state::Api;
use crate::wire::updates as wire;

/// The routes of this group.
pub fn router() -> Routes {
    Routes::new()
        .routes(routes!(updates, change_updates))
        .routes(routes!(check_updates))
        .routes(routes!(download_update))
        .routes(routes!(install_update))
}

/// How it stands with newer versions
#[utoipa::path(get, path = "/api/updates", tag = "settings",
    responses((status = 200, body = wire::Updates, description = "how it stands")))]
async fn updates(
    State(api): State<Api>,
    Asker(who): Asker,
    from: From,
) -> Result<Json<wire::Updates>, Problem> {
    Ok(Json(wire::updates(api.app.updates(&who).await?, &from)))
}

/// Look for newer versions every day, or no longer
#[utoipa::path(patch, path = "/api/updates", tag = "settings",
    request_body = wire::UpdatesChange,
    responses((status = 200, body = wire::Updates, description = "how it stands now")))]
async fn change_updates(
    State(api): State<Api>,
    Asker(who): Asker,
    from: From,
    Body(change): Body<wire::UpdatesChange>,
) -> Result<Json<wire::Updates>, Problem> {
    let updates = api.app.look_for_updates_daily(&who, change.daily).await?;
    Ok(Json(wire::updates(updates, &from)))
}

/// Look for a newer version now; that it fails is told in the answer
#[utoipa::path(post, path = "/api/updates/check", tag = "settings",
    responses((status = 200, body = wire::Updates, description = "how it stands now")))]
async fn check_updates(
    State(api): State<Api>,
    Asker(who): Asker,
    from: From,
) -> Result<Json<wire::Updates>, Problem> {
    let updates = api.app.check_for_updates(&who).await?;
    Ok(Json(wire::updates(updates, &from)))
}

/// Begin to fetch the newer version, or go on with it
#[utoipa::path(post, path = "/api/updates/download", tag = "settings",
    responses((status = 204, description = "it runs; how it stands says how far it is")))]
async fn download_update(State(api): State<Api>, Asker(who): Asker) -> Result<StatusCode, Problem> {
    api.app.download_update(&who).await?;
    Ok(DONE)
}

/// Make a backup and install what was fetched: at the computer itself by its own installer, else the command is told
#[utoipa::path(post, path = "/api/updates/install", tag = "settings",
    responses((status = 200, body = wire::Updates, description = "how it stands now")))]
async fn install_update(
    State(api): State<Api>,
    Asker(who): Asker,
    from: From,
) -> Result<Json<wire::Updates>, Problem> {
    let updates = api.app.install_update(&who, from.is_here).await?;
    Ok(Json(wire::updates(updates, &from)))
}
