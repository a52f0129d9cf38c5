//! Restoring a backup: everything is verified first, the old data is set aside, never deleted.

use std::path::{Path, PathBuf};

use domain::time::Timestamp;

use crate::Store;
use crate::backup::Manifest;
use crate::error::StoreError;

/// A finished restore.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestoreReport {
    /// What was in the backup.
    pub manifest: Manifest,
    /// Where the data of before lies now; `None` when there was none.
    pub set_aside: Option<PathBuf>,
}

impl Store {
    /// Puts a backup in the place of what is in the data folder. Blocking; nobody may have the folder open
    /// (`Locked`). A crash on the way leaves the old data or the new, never between: the next opening
    /// finishes what was begun.
    pub fn restore(data: &Path, from: &Path, now: Timestamp) -> Result<RestoreReport, StoreError> {
        Err(StoreError::Closed)
    }
}

/// Finishes a restore that a crash cut off.
pub(crate) fn finish(_data: &Path) -> Result<(), StoreError> {
    Ok(())
}
