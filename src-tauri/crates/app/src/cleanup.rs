//! Cleaning up what nobody needs any more: every day by itself, and when somebody asks for it. The bounds stand in
//! the store's `cleanup`.

use std::time::Duration;

use store::cleanup::{Cleaned, Cleaning};
use tokio::sync::watch;

use crate::App;
use crate::error::Result;

/// A start has better things to do.
const FIRST: Duration = Duration::from_secs(5 * 60);
/// Time between two cleanings.
const AGAIN: Duration = Duration::from_secs(24 * 60 * 60);

/// Cleans up every day until the stop.
pub(crate) async fn keep_clean(app: App, mut stopped: watch::Receiver<bool>) {
    let mut pause = FIRST;
    while !*stopped.borrow() {
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            _ = stopped.changed() => return,
        }
        pause = AGAIN;
        match app.clean_up(Cleaning::Remove).await {
            Ok(cleaned) if cleaned.is_empty() => {}
            Ok(cleaned) => tracing::info!(
                files = cleaned.files,
                rows = cleaned.rows.values().sum::<u64>(),
                "what nobody needs any more is gone"
            ),
            Err(error) => tracing::error!(%error, "the daily cleaning could not be done"),
        }
    }
}

impl App {
    /// Removes what nobody needs any more in the whole installation, or only counts it.
    pub async fn clean_up(&self, cleaning: Cleaning) -> Result<Cleaned> {
        Ok(self.inner.store.clean_up(cleaning, self.now()).await?)
    }
}
