//! Whether all is well, and what the program said lately. For admins and owners.

use axum::Json;
use axum::extract::State;

use crate::asker::{Asked, Asker};
use crate::problem::Problem;
use crate::routes::told_in;
use crate::routing::{Routes, routes};
use crate::state::Api;
use crate::wire::doctor as wire;

/// The routes of this group.
pub fn router() -> Routes {
    Routes::new()
        .routes(routes!(look_over))
        .routes(routes!(last_lines))
}

/// Whether all is well, and what to do where it is not
///
/// `deep` reads the whole database and every file of the index through and asks the messenger about each bot: one at
/// a time, and it takes as long as that takes. What lies outside of the workspace is told to owners only: the place of
/// the data, the key, the audit log, backups.
#[utoipa::path(get, path = "/api/doctor", tag = "health",
    params(wire::DoctorQuery),
    responses((status = 200, body = wire::DoctorReport, description = "what was found")))]
async fn look_over(
    State(api): State<Api>,
    Asker(who): Asker,
    Asked(asked): Asked<wire::DoctorQuery>,
) -> Result<Json<wire::DoctorReport>, Problem> {
    let language = told_in(asked.language.as_deref())?;
    let found = api.app.health(&who, asked.look()).await?;
    Ok(Json(wire::DoctorReport::told(found, language)))
}

/// What the program said lately
///
/// The last lines since its start, as far as they are kept: 2,000 of them, 1 MiB. They hold no texts of customers and
/// no keys.
#[utoipa::path(get, path = "/api/log", tag = "health",
    params(wire::LogQuery),
    responses((status = 200, body = wire::Log, description = "the lines, oldest first")))]
async fn last_lines(
    State(api): State<Api>,
    Asker(who): Asker,
    Asked(asked): Asked<wire::LogQuery>,
) -> Result<Json<wire::Log>, Problem> {
    let least = asked.level.unwrap_or(wire::LogLevel::Debug);
    let said = api.app.said(&who, asked.after.unwrap_or(0), least.into())?;
    Ok(Json(said.into()))
}
