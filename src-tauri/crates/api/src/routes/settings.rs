//! The workspace's settings and its remote engine.

use app::error::ErrorCode;
use axum::Json;
use axum::extract::State;

use crate::asker::{Asked, Asker, Body};
use crate::problem::Problem;
use crate::routing::{Routes, routes};
use crate::state::Api;
use crate::wire::settings as wire;

/// The routes of this group.
pub fn router() -> Routes {
    Routes::new()
        .routes(routes!(settings, change_settings))
        .routes(routes!(test_remote))
}

/// The settings
#[utoipa::path(get, path = "/api/settings", tag = "settings",
    responses((status = 200, body = wire::Settings, description = "the settings; no key is shown")))]
async fn settings(
    State(api): State<Api>,
    Asker(who): Asker,
) -> Result<Json<wire::Settings>, Problem> {
    Ok(Json(api.app.settings(&who).await?.into()))
}

/// Change settings; what is absent stays
#[utoipa::path(patch, path = "/api/settings", tag = "settings",
    request_body = wire::SettingsChange,
    responses((status = 200, body = wire::Settings, description = "the settings as they are now")))]
async fn change_settings(
    State(api): State<Api>,
    Asker(who): Asker,
    Body(change): Body<wire::SettingsChange>,
) -> Result<Json<wire::Settings>, Problem> {
    let settings = api.app.change_settings(&who, change.into()).await?;
    Ok(Json(settings.into()))
}

/// Ask a remote engine something small
#[utoipa::path(post, path = "/api/settings/remote/test", tag = "settings",
    params(wire::RemotePlace),
    responses((status = 200, body = wire::RemoteTest, description = "how it went")))]
async fn test_remote(
    State(api): State<Api>,
    Asker(who): Asker,
    Asked(place): Asked<wire::RemotePlace>,
) -> Result<Json<wire::RemoteTest>, Problem> {
    let tested = match api.app.test_remote(&who, place.into()).await {
        Ok(tested) => wire::RemoteTest {
            ok: tested.failed.is_none(),
            took_ms: Some(tested.took_ms),
            engine: Some(tested.engine),
            code: tested.failed.map(str::to_owned),
        },
        Err(error) if error.code == ErrorCode::NoEngine => wire::RemoteTest {
            ok: false,
            took_ms: None,
            engine: None,
            code: Some(error.code.as_str().to_owned()),
        },
        Err(error) => return Err(error.into()),
    };
    Ok(Json(tested))
}
