//! The audit log. For owners.

use axum::Json;
use axum::extract::State;

use crate::asker::{Asked, Asker};
use crate::problem::Problem;
use crate::routes::rows;
use crate::routing::{Routes, routes};
use crate::state::Api;
use crate::wire::audit as wire;

/// The routes of this group.
pub fn router() -> Routes {
    Routes::new()
        .routes(routes!(audit))
        .routes(routes!(check_audit))
}

/// Who did what, when
#[utoipa::path(get, path = "/api/audit", tag = "team",
    params(wire::AuditQuery),
    responses((status = 200, body = wire::AuditLog, description = "entries, newest first")))]
async fn audit(
    State(api): State<Api>,
    Asker(who): Asker,
    Asked(asked): Asked<wire::AuditQuery>,
) -> Result<Json<wire::AuditLog>, Problem> {
    let limit = rows(asked.limit)?;
    let mut items = api.app.audit(&who, asked.before, limit + 1).await?;
    let has_more = items.len() > limit as usize;
    items.truncate(limit as usize);
    let next = items.last().filter(|_| has_more).map(|row| row.number);
    Ok(Json(wire::AuditLog {
        items: items.into_iter().map(Into::into).collect(),
        next,
    }))
}

/// Whether the audit log is as it was written
///
/// Reads all of it through: its hashes, its sealed end, and the ends that the backups in the backups folder noted.
#[utoipa::path(get, path = "/api/audit/check", tag = "team",
    responses((status = 200, body = wire::AuditCheck, description = "whether it is whole")))]
async fn check_audit(
    State(api): State<Api>,
    Asker(who): Asker,
) -> Result<Json<wire::AuditCheck>, Problem> {
    Ok(Json(api.app.verify_audit(&who).await?.into()))
}
