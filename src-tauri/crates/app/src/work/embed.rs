//! Vectors for passages and Q&A pairs, in the background: what somebody waits for goes first.

use std::sync::Arc;

use domain::id::{PassageId, WorkspaceId};
use domain::job::Lease;
use engine::embedder::{Embedder, Role};
use store::error::StoreError;
use store::vectors::Unembedded;

use crate::App;
use crate::error::Result;
use crate::searching::embedded_text;

/// Passages that are taken from the store at a time.
const BATCH: u32 = 64;
/// Bytes of text that are embedded before they are saved (or one passage): a few seconds of work, so that little is
/// lost when the program ends, on a busy computer too.
const SAVED_AFTER: usize = 8 << 10;

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
            if self.is_ending() {
                return self.go_on_later(lease).await;
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
                for (ids, texts) in shares(&batch) {
                    if self.is_ending() {
                        return self.go_on_later(lease).await;
                    }
                    let vectors = embedder.embed_in_background(Role::Passage, texts).await?;
                    let rows = ids.into_iter().zip(vectors).collect();
                    store.save_vectors(embedder.key(), rows, self.now()).await?;
                    self.catch_up_soon(workspace);
                }
            }
        } else {
            self.workspace(workspace).gather_for("").await?;
        }
        self.inner.store.finish_job(lease).await?;
        Ok(())
    }

    /// Puts the job back: the next start goes on from here.
    async fn go_on_later(&self, lease: &Lease) -> Result<()> {
        let store = &self.inner.store;
        Ok(store.release_job(lease, self.now(), 0).await?)
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
    /// when another embedder was chosen meanwhile, or the program ends.
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
            for (ids, texts) in shares(&batch) {
                if self.is_ending() {
                    return Ok(());
                }
                let vectors = embedder.embed(Role::Passage, texts).await?;
                let rows = ids.into_iter().zip(vectors).collect();
                store.gather_vectors(key, rows).await?;
            }
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

/// The passages with what of them is embedded, in shares of at most [`SAVED_AFTER`].
fn shares(batch: &[Unembedded]) -> Vec<(Vec<PassageId>, Vec<String>)> {
    let mut shares: Vec<(Vec<PassageId>, Vec<String>)> = Vec::new();
    let mut size = 0;
    for passage in batch {
        let text = embedded_text(&passage.headings, &passage.text);
        size += text.len();
        match shares.last_mut() {
            Some((ids, texts)) if size <= SAVED_AFTER => {
                ids.push(passage.id);
                texts.push(text);
            }
            _ => {
                size = text.len();
                shares.push((vec![passage.id], vec![text]));
            }
        }
    }
    shares
}
