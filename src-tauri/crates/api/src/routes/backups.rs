//! Backups.

use std::path::Path;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::time::Timestamp;

use crate::asker::{Asker, At, Body, From};
use crate::problem::Problem;
use crate::routing::{Routes, routes};
use crate::state::Api;
use crate::wire::backups as wire;

/// The routes of this group.
pub fn router() -> Routes {
    Routes::new()
        .routes(routes!(backups, back_up))
        .routes(routes!(restore))
        .routes(routes!(recovery, new_code))
        .routes(routes!(open_with_code))
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

/// Go back to a backup
///
/// It is unpacked and verified beside the data; then the program opens its data anew and everybody has to sign in
/// again. The token signs the owner of the restored data in, once, within 15 minutes. The data of now is set aside.
#[utoipa::path(post, path = "/api/backups/{id}/restore", tag = "backups",
    params(("id" = String, Path, description = "the backup's name")),
    request_body = wire::Restore,
    responses((status = 202, body = wire::Restoring, description = "verified; it happens now")))]
async fn restore(
    State(api): State<Api>,
    Asker(who): Asker,
    At(name): At<String>,
    Body(body): Body<wire::Restore>,
) -> Result<(StatusCode, Json<wire::Restoring>), Problem> {
    let code = body.recovery_code.as_deref();
    let restoring = api.app.restore_backup(&who, &name, code).await?;
    let restoring = wire::Restoring {
        token: restoring.token,
        closed: restoring.closed,
    };
    Ok((StatusCode::ACCEPTED, Json(restoring)))
}

/// How the secrets are kept, and whether a recovery code opens them elsewhere
#[utoipa::path(get, path = "/api/recovery", tag = "backups",
    responses((status = 200, body = wire::Recovery, description = "how they are kept")))]
async fn recovery(
    State(api): State<Api>,
    Asker(who): Asker,
) -> Result<Json<wire::Recovery>, Problem> {
    let kept = api.app.secrets_kept(&who).await?;
    Ok(Json(wire::Recovery {
        made_at: kept.recovery.made_at.map(Into::into),
        holds: kept.recovery.holds,
        key: kept.key_place.into(),
        closed: kept.closed,
    }))
}

/// Make a new recovery code
///
/// It opens the secrets of backups made from now on; it is shown this once and kept nowhere. The password is asked
/// for where there is a code already.
#[utoipa::path(post, path = "/api/recovery", tag = "backups",
    request_body = wire::NewCode,
    responses((status = 201, body = wire::Code, description = "the code")))]
async fn new_code(
    State(api): State<Api>,
    from: From,
    Asker(who): Asker,
    Body(body): Body<wire::NewCode>,
) -> Result<(StatusCode, Json<wire::Code>), Problem> {
    let code = api
        .app
        .new_recovery_code(&who, &body.password, from.address)
        .await?;
    let code = wire::Code {
        code: code.grouped(),
    };
    Ok((StatusCode::CREATED, Json(code)))
}

/// Open the secrets that came with a backup of another computer
#[utoipa::path(post, path = "/api/recovery/open", tag = "backups",
    request_body = wire::Code,
    responses((status = 200, body = wire::Opened, description = "opened")))]
async fn open_with_code(
    State(api): State<Api>,
    Asker(who): Asker,
    Body(body): Body<wire::Code>,
) -> Result<Json<wire::Opened>, Problem> {
    let opened = api.app.open_with_code(&who, &body.code).await?;
    Ok(Json(wire::Opened { opened }))
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
