//! Vectors for passages and Q&A pairs, in the background: what somebody waits for goes first.

use std::sync::Arc;

use domain::id::{PassageId, WorkspaceId};
use domain::job::Lease;
use engine::embedder::{Embedder, Role};
use store::error::StoreError;

use crate::App;
use crate::error::Result;
use crate::searching::embedded_text;

/// Passages embedded before they are saved: a few seconds of work.
const BATCH: u32 = 64;

impl App {
    pub(crate) async fn embed_job(&self, lease: &Lease) -> Result<()> {
        let workspace = lease.job.workspace_id;
        if let Some(embedder) = self.embedder(workspace).await? {
            let store = self.workspace(workspace);
            store.use_embedder(embedder.key()).await?;
            self.embed_pairs(workspace, &embedder).await?;
            loop {
                let batch = store.passages_without_vector(embedder.key(), BATCH).await?;
                if batch.is_empty() {
                    break;
                }
                let texts = batch
                    .iter()
                    .map(|passage| embedded_text(&passage.headings, &passage.text))
                    .collect();
                let vectors = embedder.embed_in_background(Role::Passage, texts).await?;
                let rows: Vec<(PassageId, Vec<f32>)> = batch
                    .iter()
                    .map(|passage| passage.id)
                    .zip(vectors)
                    .collect();
                store.save_vectors(embedder.key(), rows, self.now()).await?;
                self.catch_up_soon(workspace);
            }
        }
        self.inner.store.finish_job(lease).await?;
        Ok(())
    }

    /// Vectors for the questions of pairs that have none yet. Questions are compared with questions.
    async fn embed_pairs(
        &self,
        workspace: WorkspaceId,
        embedder: &Arc<dyn Embedder>,
    ) -> Result<()> {
        let store = self.workspace(workspace);
        loop {
            let batch = store.qa_without_vectors(embedder.key(), BATCH).await?;
            if batch.is_empty() {
                return Ok(());
            }
            for pair in batch {
                let vectors = embedder
                    .embed_in_background(Role::Query, pair.questions)
                    .await?;
                match store
                    .save_qa_vectors(embedder.key(), pair.id, vectors)
                    .await
                {
                    // Removed meanwhile.
                    Ok(()) | Err(StoreError::NotFound) => {}
                    Err(error) => return Err(error.into()),
                }
            }
            self.inner.qa_sets.forget(workspace);
        }
    }
}
