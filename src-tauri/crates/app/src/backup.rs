//! Backup: one verified file with everything in it.

pub(crate) mod regular;

use std::path::PathBuf;

use domain::audit::Deed;
use domain::id::WorkspaceId;
use domain::member::Permission;
use domain::time::Timestamp;
use store::backup::{BackupFile, BackupReport};

use crate::App;
use crate::error::Result;
use crate::who::Who;

/// The setting that remembers when the last backup was made, in microseconds.
const LAST_BACKUP: &str = "last_backup";

impl App {
    /// Makes a backup in the backups folder, or at `to`, and verifies it.
    pub async fn backup(&self, who: &Who, to: Option<PathBuf>) -> Result<BackupReport> {
        who.must(Permission::Own)?;
        let now = self.now();
        let to = to.unwrap_or_else(|| {
            self.inner
                .store
                .backups_folder()
                .join(file_name(BY_HAND, now))
        });
        let report = self.inner.store.backup(&to, now).await?;
        self.remember_backup(who.workspace(), now).await?;
        let entry = self.entry(&who.member, Deed::BackupMade);
        self.workspace(who.workspace()).note(entry).await?;
        Ok(report)
    }

    pub(crate) async fn remember_backup(
        &self,
        workspace: WorkspaceId,
        now: Timestamp,
    ) -> Result<()> {
        let store = self.workspace(workspace);
        store
            .set_setting(LAST_BACKUP, now.0.to_string(), now)
            .await?;
        Ok(())
    }

    /// When a backup was last made; `None` when never.
    pub(crate) async fn last_backup(&self, workspace: WorkspaceId) -> Result<Option<Timestamp>> {
        let made_at = self.workspace(workspace).setting(LAST_BACKUP).await?;
        Ok(made_at
            .and_then(|made_at| made_at.parse().ok())
            .map(Timestamp))
    }

    /// The backups that lie in the backups folder, newest first.
    pub async fn backups(&self, who: &Who) -> Result<Vec<BackupFile>> {
        who.must(Permission::Own)?;
        Ok(self.inner.store.backups().await?)
    }
}

/// How names of backups begin that somebody asked for.
const BY_HAND: &str = "chatai-";

/// A name that sorts by time and says it: `chatai-2026-03-02-090000.chatai-backup`, in UTC.
pub(crate) fn file_name(prefix: &str, now: Timestamp) -> String {
    let moment = jiff::Timestamp::from_microsecond(now.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    format!(
        "{prefix}{}.chatai-backup",
        moment.strftime("%Y-%m-%d-%H%M%S")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backups_name_says_when_it_was_made() {
        let name = file_name(BY_HAND, Timestamp(1_772_442_000_000_000));
        assert_eq!(name, "chatai-2026-03-02-090000.chatai-backup");
    }
}
