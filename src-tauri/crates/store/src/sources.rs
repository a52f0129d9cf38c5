//! Sources: where knowledge comes from.

use domain::document::Source;
use domain::id::SourceId;
use domain::time::Timestamp;

use crate::error::StoreError;
use crate::{Applied, Workspace};

/// A source and how much came from it.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceRow {
    /// The source.
    pub source: Source,
    /// How many documents it has.
    pub documents: u64,
}

impl Workspace {
    /// Adds a source; the same id again is `AlreadyApplied`.
    pub async fn create_source(&self, source: Source) -> Result<Applied, StoreError> {
        crate::soon()
    }

    /// All sources, oldest first.
    pub async fn sources(&self) -> Result<Vec<SourceRow>, StoreError> {
        crate::soon()
    }

    /// One source.
    pub async fn source(&self, id: SourceId) -> Result<Source, StoreError> {
        crate::soon()
    }

    /// Removes a source with all its documents; with the demo also the Q&A that came with it.
    pub async fn remove_source(&self, id: SourceId, now: Timestamp) -> Result<(), StoreError> {
        crate::soon()
    }
}
