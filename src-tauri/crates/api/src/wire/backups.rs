//! Backups.

use serde::Serialize;
use utoipa::ToSchema;

use crate::wire::Time;

/// A backup in the backups folder.
#[derive(Debug, Serialize, ToSchema)]
pub struct Backup {
    /// The file's name.
    #[schema(example = "2026-11-22T10-15-30.chatai-backup")]
    pub name: String,
    /// Where it lies on the computer that runs the program.
    #[schema(example = "/var/lib/chatai/backups/2026-11-22T10-15-30.chatai-backup")]
    pub path: String,
    /// Its size in bytes.
    #[schema(example = 5_242_880)]
    pub bytes: u64,
    /// When it was made.
    pub made_at: Time,
}

/// The backups that are there.
#[derive(Debug, Serialize, ToSchema)]
pub struct Backups {
    /// The backups, newest first.
    pub items: Vec<Backup>,
}

/// A backup that was made and verified.
#[derive(Debug, Serialize, ToSchema)]
pub struct BackupMade {
    /// The backup.
    pub backup: Backup,
    /// Milliseconds it took.
    #[schema(example = 850)]
    pub took_ms: u64,
    /// Rows of each table that are in it.
    pub rows: Vec<TableRows>,
}

/// Rows of one table.
#[derive(Debug, Serialize, ToSchema)]
pub struct TableRows {
    /// The table.
    #[schema(example = "documents")]
    pub table: String,
    /// Its rows.
    #[schema(example = 31)]
    pub rows: u64,
}
