//! The feeder of the indexes: what was read and embedded becomes findable, in few commits.

use std::time::{Duration, Instant};

use tokio::sync::watch;

use crate::App;
use crate::work::pause;

/// A pause after a commit is so many times as long as the commit took: a lone document waits for nothing, and
/// of many that come together a core has a quarter of the work at most.
const PAUSE: u32 = 3;
/// The longest pause.
const LONGEST: Duration = Duration::from_secs(1);
/// How soon an index is fed again that could not be: a disk that is full or fails may be so for hours.
const AFTER_FAILURE: Duration = Duration::from_secs(5);

pub(super) async fn keep_feeding(app: App, mut stopped: watch::Receiver<bool>) {
    while !*stopped.borrow() {
        tokio::select! {
            () = app.inner.indexes.wait_behind() => {}
            _ = stopped.changed() => return,
        }
        let begun = Instant::now();
        let rest = match app.catch_up_behind().await {
            Ok(()) => (begun.elapsed() * PAUSE).min(LONGEST),
            Err(error) => {
                tracing::warn!(%error, "an index could not follow the store");
                AFTER_FAILURE
            }
        };
        pause(rest, &mut stopped).await;
    }
}
