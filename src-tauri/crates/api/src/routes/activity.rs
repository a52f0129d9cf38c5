//! The series behind the charts.

use axum::Json;
use axum::extract::State;
use domain::hours::zone::Zone;

use crate::asker::{Asked, Asker};
use crate::problem::Problem;
use crate::routes::parsed;
use crate::routing::{Routes, routes};
use crate::state::Api;
use crate::wire::activity as wire;

/// How many days are told unless the caller says otherwise.
const DAYS: u16 = 30;

/// The routes of this group.
pub fn router() -> Routes {
    Routes::new().routes(routes!(activity))
}

/// What was asked, what became of it, how long people waited, and what engines used up, day by day
///
/// Without the Playground.
#[utoipa::path(get, path = "/api/activity", tag = "status",
    params(wire::ActivityQuery),
    responses((status = 200, body = wire::Activity, description = "the days, oldest first")))]
async fn activity(
    State(api): State<Api>,
    Asker(who): Asker,
    Asked(asked): Asked<wire::ActivityQuery>,
) -> Result<Json<wire::Activity>, Problem> {
    let zone = parsed::<Zone>("zone", asked.zone)?;
    let days = asked.days.unwrap_or(DAYS);
    Ok(Json(api.app.activity(&who, days, zone).await?.into()))
}
