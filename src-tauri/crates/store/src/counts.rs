//! Counts for the status page.

use crate::Workspace;
use crate::error::StoreError;

/// How much a workspace has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Documents that wait.
    pub pending: u64,
    /// Documents being read.
    pub reading: u64,
    /// Documents that can be found.
    pub ready: u64,
    /// Documents that could not be read.
    pub failed: u64,
    /// Passages.
    pub passages: u64,
    /// Passages that have a vector.
    pub vectors: u64,
    /// Q&A pairs.
    pub qa: u64,
    /// Conversations.
    pub conversations: u64,
    /// Messages.
    pub messages: u64,
}

impl Workspace {
    /// How much there is.
    pub async fn counts(&self) -> Result<Counts, StoreError> {
        crate::soon()
    }
}
