//! Vectors of passages, as 16-bit floats; of one embedder at a time.

use domain::id::PassageId;
use domain::time::Timestamp;

use crate::error::StoreError;
use crate::{Applied, Workspace};

/// A passage that has no vector yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unembedded {
    /// The passage.
    pub id: PassageId,
    /// The headings above it, outermost first.
    pub headings: Vec<String>,
    /// Its text.
    pub text: String,
}

impl Workspace {
    /// The embedder whose vectors are kept; empty for none.
    pub async fn embedder(&self) -> Result<String, StoreError> {
        crate::soon()
    }

    /// Makes another embedder the one whose vectors are kept: all vectors of passages and Q&A go.
    /// `AlreadyApplied` when it is the one.
    pub async fn use_embedder(&self, key: &str) -> Result<Applied, StoreError> {
        crate::soon()
    }

    /// Up to `limit` (1..=1,000) passages that have no vector of this embedder; all of them while another
    /// one is in use.
    pub async fn passages_without_vector(
        &self,
        embedder_key: &str,
        limit: u32,
    ) -> Result<Vec<Unembedded>, StoreError> {
        crate::soon()
    }

    /// Keeps vectors; those of passages that are gone meanwhile are left out. `Conflict` when the embedder
    /// is another one by now.
    pub async fn save_vectors(
        &self,
        embedder_key: &str,
        vectors: Vec<(PassageId, Vec<f32>)>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        crate::soon()
    }
}
