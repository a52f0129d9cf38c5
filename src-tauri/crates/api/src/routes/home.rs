//! The workspace at a glance.

use axum::Json;
use axum::extract::State;

use crate::asker::{Asked, Asker};
use crate::problem::Problem;
use crate::routes::parsed;
use crate::routing::{Routes, routes};
use crate::state::Api;
use crate::wire::home as wire;

/// The routes of this group.
pub fn router() -> Routes {
    Routes::new().routes(routes!(home))
}

/// What needs somebody, the day's figures, the bots, and which first steps are done
#[utoipa::path(get, path = "/api/home", tag = "status",
    params(wire::HomeQuery),
    responses((status = 200, body = wire::Home, description = "the workspace at a glance")))]
async fn home(
    State(api): State<Api>,
    Asker(who): Asker,
    Asked(asked): Asked<wire::HomeQuery>,
) -> Result<Json<wire::Home>, Problem> {
    let since = parsed::<jiff::Timestamp>("since", asked.since)?;
    let since = since.map(|since| domain::time::Timestamp(since.as_microsecond()));
    Ok(Json(api.app.home(&who, since).await?.into()))
}
