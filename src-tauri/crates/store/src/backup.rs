//! Backups: one file with the database, the originals and a manifest.

use std::path::{Path, PathBuf};

use domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Store;
use crate::error::StoreError;

/// What a backup has, as written in it (`manifest.json`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of the program that wrote it.
    pub app_version: String,
    /// Schema of its database.
    pub schema: u32,
    /// When it was made.
    pub made_at: Timestamp,
    /// Rows of each table, by name.
    pub rows: Vec<(String, u64)>,
    /// SHA-256 of each entry, by its name in the file.
    pub sha256: Vec<(String, String)>,
}

/// A finished backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupReport {
    /// Where it lies.
    pub path: PathBuf,
    /// Its size in bytes.
    pub bytes: u64,
    /// What is in it.
    pub manifest: Manifest,
    /// Milliseconds it took.
    pub took_ms: u64,
}

/// A backup file in the backups folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupFile {
    /// Where it lies.
    pub path: PathBuf,
    /// Its size in bytes.
    pub bytes: u64,
    /// When it was made, as written in it.
    pub made_at: Timestamp,
}

impl Store {
    /// Writes a backup to `to` while everything goes on: one moment of the database and all originals of
    /// that moment, verified before it gets its name. Holds secrets sealed and never the master key.
    pub async fn backup(&self, to: &Path, now: Timestamp) -> Result<BackupReport, StoreError> {
        Err(StoreError::Closed)
    }

    /// The backups in the backups folder, newest first; files that are no backups are left out.
    pub async fn backups(&self) -> Result<Vec<BackupFile>, StoreError> {
        Err(StoreError::Closed)
    }
}

impl Store {
    /// Reads a backup through and says what is in it; `BadBackup` when anything is amiss. Blocking.
    pub fn verify_backup(from: &Path) -> Result<Manifest, StoreError> {
        Err(StoreError::Closed)
    }
}
