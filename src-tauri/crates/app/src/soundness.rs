//! Whether what is stored is whole: looked at in the background soon after the start, and every day.
//!
//! A damaged database is written no more until a backup is restored; a damaged index is thrown away and built
//! anew from the database.

use std::time::Duration;

use tokio::sync::watch;

use crate::App;
use crate::error::{Error, ErrorCode, Result};

/// A start has better things to do than to read everything through.
const FIRST_LOOK: Duration = Duration::from_secs(2);
/// Time between two looks.
const LOOK_AGAIN: Duration = Duration::from_secs(24 * 3_600);

/// What a look found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Soundness {
    /// What SQLite found wrong with the database; empty when nothing is.
    pub database: Vec<String>,
    /// Indexes that were damaged and are being built anew.
    pub rebuilt: u32,
}

/// Looks through everything until the stop.
pub(crate) async fn keep_looking(app: App, mut stopped: watch::Receiver<bool>) {
    let mut pause = FIRST_LOOK;
    while !*stopped.borrow() {
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            _ = stopped.changed() => return,
        }
        pause = LOOK_AGAIN;
        let looked = tokio::select! {
            looked = app.look_through() => looked,
            // The store ends its half of it when it is closed.
            _ = stopped.changed() => return,
        };
        match looked {
            Ok(found) if !found.database.is_empty() => {
                tracing::error!("the data was read through: restore a backup");
            }
            Ok(_) => tracing::info!("the data was read through"),
            Err(error) => tracing::error!(%error, "the data could not be read through"),
        }
    }
}

impl App {
    /// Reads the database and every index through. Takes as long as reading all of it takes.
    pub async fn look_through(&self) -> Result<Soundness> {
        let _alone = self.inner.reading_through.acquire().await;
        let report = self.inner.store.check().await?;
        let mut rebuilt = 0;
        if report.problems.is_empty() {
            for (workspace, _) in self.inner.store.workspaces().await? {
                if let Some(why) = self.verify_index(workspace).await? {
                    self.rebuild_index(workspace, &why).await?;
                    rebuilt += 1;
                }
            }
        }
        Ok(Soundness {
            database: report.problems,
            rebuilt,
        })
    }

    /// True when the database is damaged: nothing is written until a backup is restored.
    pub fn is_damaged(&self) -> bool {
        self.inner.store.damaged()
    }
}

/// True when the failure is the disk's or the database's, not the job's: it must not cost the job an attempt.
pub(crate) fn is_of_the_disk(error: &Error) -> bool {
    matches!(error.code, ErrorCode::Full | ErrorCode::Damaged)
}
