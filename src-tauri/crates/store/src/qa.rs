//! Q&A: questions with their approved answers, and their vectors.

use domain::id::QaId;
use domain::qa::Qa;
use domain::time::Timestamp;

use crate::Workspace;
use crate::error::StoreError;
use crate::page::{Cursor, Page};

/// The most pairs a workspace has.
pub const MAX_QA: u32 = 10_000;

impl Workspace {
    /// One pair.
    pub async fn qa(&self, id: QaId) -> Result<Qa, StoreError> {
        crate::soon()
    }

    /// Pairs with `text` in a question or the answer, whatever its case; newest first.
    pub async fn qa_list(
        &self,
        text: &str,
        after: Option<Cursor>,
        limit: u32,
    ) -> Result<Page<Qa>, StoreError> {
        crate::soon()
    }

    /// Adds a pair, or changes the one with this id (its time of making stays; its vectors go). `Full` when
    /// there are [`MAX_QA`].
    pub async fn put_qa(&self, qa: Qa, now: Timestamp) -> Result<(), StoreError> {
        crate::soon()
    }

    /// Removes a pair.
    pub async fn remove_qa(&self, id: QaId, now: Timestamp) -> Result<(), StoreError> {
        crate::soon()
    }

    /// All pairs, oldest first; at most [`MAX_QA`].
    pub async fn all_qa(&self) -> Result<Vec<Qa>, StoreError> {
        crate::soon()
    }

    /// Keeps the vectors of a pair's questions, in their order. `Conflict` when the embedder is another one
    /// by now.
    pub async fn save_qa_vectors(
        &self,
        embedder_key: &str,
        id: QaId,
        vectors: Vec<Vec<f32>>,
    ) -> Result<(), StoreError> {
        crate::soon()
    }

    /// The vectors of all questions that have some; empty while another embedder is in use.
    pub async fn qa_vectors(
        &self,
        embedder_key: &str,
    ) -> Result<Vec<(QaId, Vec<Vec<f32>>)>, StoreError> {
        crate::soon()
    }

    /// Up to `limit` pairs without vectors of this embedder.
    pub async fn qa_without_vectors(
        &self,
        embedder_key: &str,
        limit: u32,
    ) -> Result<Vec<Qa>, StoreError> {
        crate::soon()
    }
}
