//! Events: what changed, by cursor. The newest 10,000 of a workspace are kept.

use domain::event::Event;

use crate::Workspace;
use crate::error::StoreError;

impl Workspace {
    /// The events after a cursor, in order, at most `limit`. When the first one is not `seq` + 1, older
    /// ones are gone: read everything anew.
    pub async fn events_since(&self, seq: u64, limit: u32) -> Result<Vec<Event>, StoreError> {
        crate::soon()
    }

    /// The cursor of the newest event; 0 before the first.
    pub async fn last_event(&self) -> Result<u64, StoreError> {
        crate::soon()
    }
}
