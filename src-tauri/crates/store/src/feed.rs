//! The feed of the index: what changed since a watermark, in order.

use domain::document::Passage;
use domain::id::{DocumentId, PassageId};

use crate::Workspace;
use crate::error::StoreError;

/// Changes for the index.
#[derive(Debug, Clone, PartialEq)]
pub struct Feed {
    /// The changes, in order.
    pub changes: Vec<FeedChange>,
    /// The watermark once they are applied.
    pub upto: u64,
    /// True when there is more after `upto`.
    pub more: bool,
    /// True when the watermark is not of this store's past: empty the index and ask again from 0.
    pub reset: bool,
}

/// One change.
#[derive(Debug, Clone, PartialEq)]
pub enum FeedChange {
    /// A document became ready: these passages replace all it had.
    Document {
        /// Its id.
        document_id: DocumentId,
        /// Its title.
        title: String,
        /// All its passages.
        passages: Vec<Passage>,
    },
    /// A document is gone.
    Removed(DocumentId),
    /// Passages have vectors now.
    Vectors(Vec<(PassageId, Vec<f32>)>),
    /// All vectors so far are void: the embedder changed.
    VectorsDropped,
}

impl Workspace {
    /// What changed after a watermark: up to `limit` (1..=1,000) documents, removals and vectors together.
    /// A consumer that starts from 0 and applies everything has exactly the ready documents.
    pub async fn index_feed(&self, after: u64, limit: u32) -> Result<Feed, StoreError> {
        crate::soon()
    }
}
