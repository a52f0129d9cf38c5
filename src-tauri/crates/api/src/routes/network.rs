//! The "local only" switch.

use axum::Json;
use axum::extract::State;

use crate::asker::{Asker, Body};
use crate::problem::Problem;
use crate::routing::{Routes, routes};
use crate::state::Api;
use crate::wire::network as wire;

/// The routes of this group.
pub fn router() -> Routes {
    Routes::new().routes(routes!(network, change_network))
}

/// Whether anything outside this computer may be spoken to
#[utoipa::path(get, path = "/api/network", tag = "settings",
    responses((status = 200, body = wire::Network, description = "whether it may")))]
async fn network(
    State(api): State<Api>,
    Asker(who): Asker,
) -> Result<Json<wire::Network>, Problem> {
    Ok(Json(api.app.network(&who).await?.into()))
}

/// Forbid or allow to speak to anything outside this computer
///
/// It holds at once, breaks off what is under way, and stays after a restart.
#[utoipa::path(put, path = "/api/network", tag = "settings",
    request_body = wire::NetworkChange,
    responses((status = 200, body = wire::Network, description = "how it is now")))]
async fn change_network(
    State(api): State<Api>,
    Asker(who): Asker,
    Body(change): Body<wire::NetworkChange>,
) -> Result<Json<wire::Network>, Problem> {
    let network = api.app.set_local_only(&who, change.local_only).await?;
    Ok(Json(network.into()))
}
