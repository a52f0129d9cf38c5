//! Looking for newer versions every day, where the owner left that on.

use std::time::Duration;

use domain::time::Timestamp;
use tokio::sync::watch;

use super::Trouble;
use crate::App;
use crate::error::Result;

/// A start has better things to do.
const FIRST_LOOK: Duration = Duration::from_secs(2 * 60);
/// Time between two looks at the clock.
const LOOK_AGAIN: Duration = Duration::from_secs(60 * 60);
/// Time between two questions to the publisher, in microseconds.
const DAY: i64 = 24 * 3_600 * 1_000_000;

/// Asks the publisher when a day has passed, until the stop.
pub(crate) async fn keep_looking_for_updates(app: App, mut stopped: watch::Receiver<bool>) {
    if app.inner.release.publisher.is_none() {
        return;
    }
    let mut pause = FIRST_LOOK;
    let mut asked_at = None;
    while !*stopped.borrow() {
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            _ = stopped.changed() => return,
        }
        pause = LOOK_AGAIN;
        match app.look_when_due(asked_at).await {
            // Who was not reached is asked again within the hour.
            Ok(true) if app.was_unreachable() => {}
            Ok(true) => asked_at = Some(app.now()),
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, "it could not be looked for a newer version"),
        }
    }
}

impl App {
    fn was_unreachable(&self) -> bool {
        self.inner.going.now().trouble == Some(Trouble::Unreachable)
    }

    /// Asks the publisher when that is switched on, it may be spoken to, and a day has passed since it last answered
    /// and since `asked_at`; true when it was asked.
    pub async fn look_when_due(&self, asked_at: Option<Timestamp>) -> Result<bool> {
        let remembered = self.remembered_updates().await?;
        let now = self.now();
        // A clock that was set back must not stop it: what was in the future counts as long ago.
        let is_fresh = |at: Timestamp| (0..DAY).contains(&(now.0 - at.0));
        let was_asked = [remembered.checked_at, asked_at]
            .into_iter()
            .flatten()
            .any(is_fresh);
        let may_ask = self.inner.release.publisher.is_some() && !self.inner.net.is_local_only();
        if was_asked || !remembered.daily || !may_ask {
            return Ok(false);
        }
        self.look_for_update().await?;
        Ok(true)
    }
}
