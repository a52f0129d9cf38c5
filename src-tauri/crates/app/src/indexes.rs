//! The open indexes, one a workspace, and how they follow the store.
//!
//! The store is the truth; an index carries the store's watermark and is fed what came after it. A folder that
//! was deleted or set aside starts at 0 and is fed everything.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex as StdMutex, PoisonError, RwLock};

use domain::id::WorkspaceId;
use search::{Change, Index, Query, Round, SearchError};
use store::Workspace;
use store::feed::FeedChange;
use tokio::sync::{Mutex, Notify};

use crate::App;
use crate::error::{Error, ErrorCode, Result};

/// Changes that are read from the store at a time.
const FEED: u32 = 1_000;
/// A commit takes no more in once it has so many bytes of text and vectors: they are in memory until then.
const COMMIT_BYTES: usize = 16 << 20;

#[derive(Default)]
pub(crate) struct Indexes {
    open: RwLock<HashMap<WorkspaceId, Arc<Index>>>,
    /// Lets one feeder in at a time.
    feeding: Mutex<()>,
    /// Workspaces whose store is ahead, for the feeder.
    behind: StdMutex<BTreeSet<WorkspaceId>>,
    /// Tells the feeder that there is one.
    hint: Notify,
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

    fn behind(&self) -> std::sync::MutexGuard<'_, BTreeSet<WorkspaceId>> {
        self.behind.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until some workspace's index is behind.
    pub(crate) async fn wait_behind(&self) {
        self.hint.notified().await;
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

/// What an index gets next.
struct NextCommit {
    changes: Vec<Change>,
    /// How far the index is then.
    upto: u64,
    /// True when the store had more than one commit takes.
    more: bool,
}

impl App {
    pub(crate) async fn index(&self, workspace: WorkspaceId) -> Result<Arc<Index>> {
        let app = self.clone();
        blocking(move || app.inner.indexes.get(&app.workspace(workspace))).await
    }

    /// Something of the workspace is to be found soon: its index is fed at once when nothing else is being
    /// fed, together with what comes meanwhile otherwise.
    pub(crate) fn catch_up_soon(&self, workspace: WorkspaceId) {
        self.inner.indexes.behind().insert(workspace);
        self.inner.indexes.hint.notify_one();
    }

    /// Feeds the indexes of which [`App::catch_up_soon`] told. One that fails is told of again.
    pub(crate) async fn catch_up_behind(&self) -> Result<()> {
        loop {
            let Some(workspace) = self.inner.indexes.behind().pop_first() else {
                return Ok(());
            };
            if let Err(error) = self.catch_up(workspace).await {
                self.catch_up_soon(workspace);
                return Err(error);
            }
        }
    }

    /// Feeds the workspace's index everything the store has and it has not. Cheap when there is nothing. What
    /// comes while the last commit is written is left to the next call, so that this one ends.
    pub(crate) async fn catch_up(&self, workspace: WorkspaceId) -> Result<()> {
        let _alone = self.inner.indexes.feeding.lock().await;
        let mut was_rebuilt = false;
        loop {
            let index = self.index(workspace).await?;
            let next = self.next_commit(workspace, index.watermark()).await?;
            let Some(NextCommit {
                changes,
                upto,
                more,
            }) = next
            else {
                // The store was restored to an earlier day: what the index knows never happened.
                self.forget_index(workspace).await?;
                continue;
            };
            if changes.is_empty() && upto <= index.watermark() {
                return Ok(());
            }
            let applied = blocking(move || Ok(index.apply(&changes, upto))).await?;
            match applied {
                Err(SearchError::Damaged(why)) if !was_rebuilt => {
                    tracing::warn!(why, "the index is damaged: it is built anew");
                    was_rebuilt = true;
                    self.forget_index(workspace).await?;
                }
                other => {
                    other?;
                    if !more {
                        return Ok(());
                    }
                }
            }
        }
    }

    /// What the index of a workspace gets next, and how far it is then; `None` when the store does not know
    /// that it ever was as far as `after`.
    async fn next_commit(&self, workspace: WorkspaceId, after: u64) -> Result<Option<NextCommit>> {
        let mut changes = Vec::new();
        let mut bytes = 0;
        let mut upto = after;
        loop {
            let feed = self.workspace(workspace).index_feed(upto, FEED).await?;
            if feed.reset {
                return Ok(None);
            }
            upto = feed.upto;
            bytes += feed.changes.iter().map(size_of).sum::<usize>();
            changes.extend(feed.changes.into_iter().map(change_of));
            if !feed.more || bytes >= COMMIT_BYTES {
                return Ok(Some(NextCommit {
                    changes,
                    upto,
                    more: feed.more,
                }));
            }
        }
    }

    async fn forget_index(&self, workspace: WorkspaceId) -> Result<()> {
        let app = self.clone();
        blocking(move || app.inner.indexes.forget(&app.workspace(workspace))).await
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
        self.forget_index(workspace).await?;
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

/// Bytes of a change in memory, but for what is small.
fn size_of(change: &FeedChange) -> usize {
    match change {
        FeedChange::Document { passages, .. } => {
            passages.iter().map(|passage| passage.text.len()).sum()
        }
        FeedChange::Vectors(vectors) => vectors.iter().map(|(_, vector)| vector.len() * 4).sum(),
        FeedChange::Removed(_) | FeedChange::VectorsDropped => 0,
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
