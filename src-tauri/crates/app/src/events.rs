//! What changed, by cursor. A hint says that there may be something new; the cursor never misses anything.

use domain::event::Event;
use domain::member::Permission;
use tokio::sync::broadcast;

use crate::App;
use crate::error::Result;
use crate::who::Who;

impl App {
    /// Events after number `seq`, oldest first, at most `limit`.
    pub async fn events_since(&self, who: &Who, seq: u64, limit: u32) -> Result<Vec<Event>> {
        who.must(Permission::Look)?;
        Ok(self
            .workspace(who.workspace())
            .events_since(seq, limit)
            .await?)
    }

    /// Number of the last event; 0 when there is none.
    pub async fn last_event(&self, who: &Who) -> Result<u64> {
        who.must(Permission::Look)?;
        Ok(self.workspace(who.workspace()).last_event().await?)
    }

    /// Hints that something changed somewhere.
    pub fn hints(&self) -> broadcast::Receiver<store::Changed> {
        self.inner.store.changed()
    }
}
