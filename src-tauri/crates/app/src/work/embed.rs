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
            if self.takes_anothers_place(workspace, &embedder).await? {
                self.gather(workspace, &embedder).await?;
            } else {
                store.gather_for("").await?;
                store.use_embedder(embedder.key()).await?;
            }
            if store.embedder().await? != embedder.key() {
                // It was changed once more: the job that waits for that goes on.
                self.inner.store.finish_job(lease).await?;
                return Ok(());
            }
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
        } else {
            self.workspace(workspace).gather_for("").await?;
        }
        self.inner.store.finish_job(lease).await?;
        Ok(())
    }

    /// True when vectors of another embedder are in use.
    async fn takes_anothers_place(
        &self,
        workspace: WorkspaceId,
        embedder: &Arc<dyn Embedder>,
    ) -> Result<bool> {
        let store = self.workspace(workspace);
        let current = store.embedder().await?;
        let is_another = !current.is_empty() && current != embedder.key();
        Ok(is_another && store.counts().await?.vectors > 0)
    }

    /// Gathers this embedder's vectors of all passages while the others are searched, then switches; stops early
    /// when another embedder was chosen meanwhile.
    async fn gather(&self, workspace: WorkspaceId, embedder: &Arc<dyn Embedder>) -> Result<()> {
        let store = self.workspace(workspace);
        let key = embedder.key();
        store.gather_for(key).await?;
        loop {
            let wanted = self.embedder(workspace).await?;
            if wanted.is_none_or(|wanted| wanted.key() != key) {
                return Ok(());
            }
            let batch = store.passages_to_gather(key, BATCH).await?;
            if batch.is_empty() {
                match store.switch_embedder(key, self.now()).await {
                    Ok(()) => return self.catch_up(workspace).await,
                    // Passages came meanwhile.
                    Err(StoreError::Conflict) => continue,
                    Err(error) => return Err(error.into()),
                }
            }
            let texts = batch
                .iter()
                .map(|passage| embedded_text(&passage.headings, &passage.text))
                .collect();
            let vectors = embedder.embed(Role::Passage, texts).await?;
            let ids = batch.iter().map(|passage| passage.id);
            store
                .gather_vectors(key, ids.zip(vectors).collect())
                .await?;
        }
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
