//! Backups.

use std::path::Path;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::time::Timestamp;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::asker::Asker;
use crate::problem::Problem;
use crate::state::Api;
use crate::wire::backups as wire;

/// The routes of this group.
pub fn router() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(backups, back_up))
}

/// The backups that are there, newest first
#[utoipa::path(get, path = "/api/backups", tag = "backups",
    responses((status = 200, body = wire::Backups, description = "the backups")))]
async fn backups(
    State(api): State<Api>,
    Asker(who): Asker,
) -> Result<Json<wire::Backups>, Problem> {
    let files = api.app.backups(&who).await?.into_iter();
    let items = files.map(|file| backup(&file.path, file.bytes, file.made_at));
    Ok(Json(wire::Backups {
        items: items.collect(),
    }))
}

/// Make a backup and verify it
#[utoipa::path(post, path = "/api/backups", tag = "backups",
    responses((status = 201, body = wire::BackupMade, description = "made and verified")))]
async fn back_up(
    State(api): State<Api>,
    Asker(who): Asker,
) -> Result<(StatusCode, Json<wire::BackupMade>), Problem> {
    let report = api.app.backup(&who, None).await?;
    let rows = report.manifest.rows.into_iter();
    let made = wire::BackupMade {
        backup: backup(&report.path, report.bytes, report.manifest.made_at),
        took_ms: report.took_ms,
        rows: rows
            .map(|(table, rows)| wire::TableRows { table, rows })
            .collect(),
    };
    Ok((StatusCode::CREATED, Json(made)))
}

fn backup(path: &Path, bytes: u64, made_at: Timestamp) -> wire::Backup {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    wire::Backup {
        name: name.into_owned(),
        path: path.display().to_string(),
        bytes,
        made_at: made_at.into(),
    }
}
