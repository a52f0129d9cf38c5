//! The open indexes, one a workspace, and how they follow the store.
//!
//! The store is the truth; an index carries the store's watermark and is fed what came after it. A folder that
//! was deleted or set aside starts at 0 and is fed everything.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use domain::id::WorkspaceId;
use search::{Change, Index, Query, Round, SearchError};
use store::Workspace;
use store::feed::FeedChange;
use tokio::sync::Mutex;

use crate::App;
use crate::error::{Error, ErrorCode, Result};

/// Changes fed in one commit at most.
const FEED_BATCH: u32 = 256;

#[derive(Default)]
pub(crate) struct Indexes {
    open: RwLock<HashMap<WorkspaceId, Arc<Index>>>,
    /// Lets one feeder in at a time.
    feeding: Mutex<()>,
}

impl Indexes {
    /// The workspace's index; opened on first use. Blocks while it opens.
    fn get(&self, workspace: &Workspace) -> Result<Arc<Index>> {
        if let Some(found) = self
            .open
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&workspace.id())
        {
            return Ok(Arc::clone(found));
        }
        let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = open.get(&workspace.id()) {
            return Ok(Arc::clone(found));
        }
        let index = Index::open(&workspace.index_folder())?;
        let index = Arc::new(index);
        open.insert(workspace.id(), Arc::clone(&index));
        Ok(index)
    }

    /// Closes the workspace's index and deletes its folder: the next use builds it anew.
    fn forget(&self, workspace: &Workspace) -> Result<()> {
        self.open
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&workspace.id());
        match std::fs::remove_dir_all(workspace.index_folder()) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(Error::new(ErrorCode::Internal, "delete an index folder").caused_by(error))
            }
            _ => Ok(()),
        }
    }
}

impl App {
    pub(crate) async fn index(&self, workspace: WorkspaceId) -> Result<Arc<Index>> {
        let app = self.clone();
        blocking(move || app.inner.indexes.get(&app.workspace(workspace))).await
    }

    /// Feeds the workspace's index everything the store has and it has not. Cheap when there is nothing.
    pub(crate) async fn catch_up(&self, workspace: WorkspaceId) -> Result<()> {
        let _alone = self.inner.indexes.feeding.lock().await;
        let mut was_rebuilt = false;
        loop {
            let index = self.index(workspace).await?;
            let feed = self
                .workspace(workspace)
                .index_feed(index.watermark(), FEED_BATCH)
                .await?;
            if feed.reset {
                // The store was restored to an earlier day: what the index knows never happened.
                let app = self.clone();
                blocking(move || app.inner.indexes.forget(&app.workspace(workspace))).await?;
                continue;
            }
            if feed.changes.is_empty() && feed.upto <= index.watermark() {
                return Ok(());
            }
            let changes: Vec<Change> = feed.changes.into_iter().map(change_of).collect();
            let applied = blocking(move || Ok(index.apply(&changes, feed.upto))).await?;
            match applied {
                Err(SearchError::Damaged(why)) if !was_rebuilt => {
                    tracing::warn!(why, "the index is damaged: it is built anew");
                    was_rebuilt = true;
                    let app = self.clone();
                    blocking(move || app.inner.indexes.forget(&app.workspace(workspace))).await?;
                }
                other => other?,
            }
        }
    }

    /// Brings every workspace's index up to date.
    pub(crate) async fn catch_up_all(&self) -> Result<()> {
        for (workspace, _) in self.inner.store.workspaces().await? {
            self.catch_up(workspace).await?;
        }
        Ok(())
    }

    /// Throws the workspace's index away and builds it from the store. Nothing is lost: it is a cache.
    pub async fn reindex(&self, workspace: WorkspaceId) -> Result<()> {
        let app = self.clone();
        blocking(move || app.inner.indexes.forget(&app.workspace(workspace))).await?;
        self.catch_up(workspace).await
    }

    /// Begins a search; a damaged index is built anew first.
    pub(crate) async fn begin_search(&self, workspace: WorkspaceId, query: Query) -> Result<Round> {
        let query = Arc::new(query);
        let mut index = self.index(workspace).await?;
        if index.watermark() == 0 {
            // Deleted or set aside while the program runs.
            self.catch_up(workspace).await?;
            index = self.index(workspace).await?;
        }
        let asked = Arc::clone(&query);
        match blocking(move || Ok(index.begin(&asked))).await? {
            Err(SearchError::Damaged(why)) => {
                tracing::warn!(why, "the index is damaged: it is built anew");
                self.reindex(workspace).await?;
                let index = self.index(workspace).await?;
                blocking(move || Ok(index.begin(&query)?)).await
            }
            begun => Ok(begun?),
        }
    }

    /// Compares the checksums of the workspace's index files.
    pub async fn verify_index(&self, workspace: WorkspaceId) -> Result<()> {
        let index = self.index(workspace).await?;
        blocking(move || Ok(index.verify()?)).await
    }
}

fn change_of(change: FeedChange) -> Change {
    match change {
        FeedChange::Document {
            document_id,
            title,
            passages,
        } => Change::PutDocument {
            document_id,
            title,
            passages,
        },
        FeedChange::Removed(document_id) => Change::RemoveDocument(document_id),
        FeedChange::Vectors(vectors) => Change::PutVectors(vectors),
        FeedChange::VectorsDropped => Change::DropVectors,
    }
}

/// Runs blocking work on a blocking thread.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| Error::new(ErrorCode::Internal, "blocking work stopped").caused_by(error))?
}

impl From<SearchError> for Error {
    fn from(error: SearchError) -> Error {
        Error::new(ErrorCode::Internal, error.to_string()).caused_by(error)
    }
}
