//! Backup: one verified file with everything in it.

use std::path::PathBuf;

use domain::member::Permission;
use store::backup::{BackupFile, BackupReport};

use crate::App;
use crate::error::Result;
use crate::who::Who;

impl App {
    /// Makes a backup in the backups folder, or at `to`, and verifies it.
    pub async fn backup(&self, who: &Who, to: Option<PathBuf>) -> Result<BackupReport> {
        who.must(Permission::Own)?;
        let now = self.now();
        let to = to.unwrap_or_else(|| {
            self.inner
                .store
                .backups_folder()
                .join(format!("{}.chatai-backup", now.0))
        });
        Ok(self.inner.store.backup(&to, now).await?)
    }

    /// The backups that lie in the backups folder, newest first.
    pub async fn backups(&self, who: &Who) -> Result<Vec<BackupFile>> {
        who.must(Permission::Own)?;
        Ok(self.inner.store.backups().await?)
    }
}
