//! Backups that make themselves: every six hours where something changed, old ones thinned out.
//!
//! Owns: when one is due and which ones have had their time. A backup that somebody asked for, or that was
//! made before a migration, is never removed here.

use std::time::Duration;

use domain::time::Timestamp;
use store::backup::BackupFile;
use tokio::sync::watch;

use super::file_name;
use crate::App;
use crate::error::Result;

/// How names of backups begin that made themselves.
const PREFIX: &str = "chatai-auto-";
/// A start has better things to do than a backup.
const FIRST_LOOK: Duration = Duration::from_secs(60);
/// Time between two looks.
const LOOK_AGAIN: Duration = Duration::from_secs(10 * 60);

const HOUR: i64 = 3_600 * 1_000_000;
/// Lengths of time that keep one backup each, in microseconds, and how many of them: 7 of six hours, 7 days,
/// 4 weeks.
const KEPT: [(i64, i64); 3] = [(6 * HOUR, 7), (24 * HOUR, 7), (7 * 24 * HOUR, 4)];

/// Makes the backups that are due until the stop.
pub(crate) async fn keep_backing_up(app: App, mut stopped: watch::Receiver<bool>) {
    let mut pause = FIRST_LOOK;
    while !*stopped.borrow() {
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            _ = stopped.changed() => return,
        }
        pause = LOOK_AGAIN;
        match app.back_up_when_due().await {
            Ok(true) => tracing::info!("a backup was made and verified"),
            Ok(false) => {}
            Err(error) => tracing::error!(%error, "the regular backup could not be made"),
        }
    }
}

impl App {
    /// Makes a backup when the last regular one is six hours old and something changed since; true when one
    /// was made. Regular ones that have had their time are removed after it.
    pub async fn back_up_when_due(&self) -> Result<bool> {
        let now = self.now();
        let store = &self.inner.store;
        let mut regular = store.backups().await?;
        regular.retain(|file| {
            let name = file.path.file_name().unwrap_or_default();
            name.to_string_lossy().starts_with(PREFIX)
        });
        let last = regular.first().map(|file| file.made_at);
        if !self.is_due(last, now).await? {
            return Ok(false);
        }
        let name = file_name(PREFIX, now);
        let made = store
            .backup(&store.backups_folder().join(name), now)
            .await?;
        for (workspace, _) in store.workspaces().await? {
            self.remember_backup(workspace, now).await?;
        }
        regular.insert(
            0,
            BackupFile {
                path: made.path,
                bytes: made.bytes,
                made_at: now,
            },
        );
        for file in spent(&regular, now) {
            store.remove_backup(&file.path).await?;
        }
        Ok(true)
    }

    async fn is_due(&self, last: Option<Timestamp>, now: Timestamp) -> Result<bool> {
        // A clock that was set back must not stop backups: a backup from the future counts as old.
        let is_fresh = |last: Timestamp| (0..KEPT[0].0).contains(&(now.0 - last.0));
        if last.is_some_and(is_fresh) {
            return Ok(false);
        }
        for (id, _) in self.inner.store.workspaces().await? {
            let workspace = self.workspace(id);
            let cursor = workspace.last_event().await?.saturating_sub(1);
            let newest = workspace.events_since(cursor, 1).await?;
            let is_newer = |at: Timestamp| last.is_none_or(|last| at > last || last > now);
            if newest.iter().any(|event| is_newer(event.at)) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// The backups that no length of time keeps. `files` are newest first; of each span the oldest one stays, so
/// that it grows old enough for the longer ones, and the newest of all stays always.
fn spent(files: &[BackupFile], now: Timestamp) -> Vec<&BackupFile> {
    let is_kept = |place: usize| {
        let age = |place: usize| now.0 - files[place].made_at.0;
        let span_of = |place: usize, span: i64| files[place].made_at.0.div_euclid(span);
        place == 0
            || KEPT.iter().any(|(span, count)| {
                let older = place + 1;
                let is_oldest_of_its_span =
                    older == files.len() || span_of(older, *span) != span_of(place, *span);
                is_oldest_of_its_span && age(place) < span * count
            })
    };
    (0..files.len())
        .filter(|place| !is_kept(*place))
        .map(|place| &files[place])
        .collect()
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    fn made_at(hours: i64) -> BackupFile {
        BackupFile {
            path: PathBuf::from(hours.to_string()),
            bytes: 1,
            made_at: Timestamp(hours * HOUR),
        }
    }

    #[test]
    fn sixty_days_of_backups_thin_out_to_hours_days_and_weeks() {
        let mut kept: Vec<BackupFile> = Vec::new();
        let last = 60 * 24;
        for hour in (0..=last).step_by(6) {
            kept.insert(0, made_at(hour));
            let gone: Vec<PathBuf> = spent(&kept, Timestamp(hour * HOUR))
                .into_iter()
                .map(|file| file.path.clone())
                .collect();
            kept.retain(|file| !gone.contains(&file.path));
        }
        let ages: Vec<i64> = kept
            .iter()
            .map(|file| last - file.made_at.0 / HOUR)
            .collect();
        assert_eq!(ages[..7], [0, 6, 12, 18, 24, 30, 36]);
        let days = ages.iter().filter(|age| **age % 24 == 0 && **age < 168);
        assert_eq!(days.count(), 7);
        // Weeks begin where 1970 did: the last four of them at these ages.
        let weeks = [96, 264, 432, 600];
        assert!(weeks.iter().all(|week| ages.contains(week)), "{ages:?}");
        assert!(ages.len() <= 18, "{ages:?}");
    }

    #[test]
    fn the_newest_backup_stays_however_old_it_is() {
        assert!(spent(&[made_at(0)], Timestamp(9_000 * HOUR)).is_empty());
    }
}
