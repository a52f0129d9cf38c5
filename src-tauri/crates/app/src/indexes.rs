//! The open indexes, one a workspace, and how they follow the store.
//!
//! The store is the truth; an index carries the store's watermark and is fed what came after it. A folder that
//! was deleted or set aside starts at 0 and is fed everything, in the background: searches wait a moment for
//! it, then make do with what is there and say so.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use domain::id::WorkspaceId;
use search::{Change, Index, Query, Round, SearchError};
use store::Workspace;
use store::feed::FeedChange;
use tokio::sync::{Mutex, watch};

use crate::App;
use crate::error::{Error, ErrorCode, Result};

/// Changes fed in one commit at most.
const FEED_BATCH: u32 = 256;
/// How long a search waits for an index that is being built anew.
const PATIENCE: Duration = Duration::from_secs(1);
/// How soon an index is fed again that could not be.
const TRY_AGAIN: Duration = Duration::from_secs(5);

#[derive(Default)]
pub(crate) struct Indexes {
    open: RwLock<HashMap<WorkspaceId, Arc<Index>>>,
    /// Lets one feeder in at a time.
    feeding: Mutex<()>,
    /// Those that are brought up to date in the background; true once one is.
    behind: std::sync::Mutex<HashMap<WorkspaceId, watch::Receiver<bool>>>,
}

/// A search that has begun.
pub(crate) struct Begun {
    /// The search.
    pub(crate) round: Round,
    /// False when the index is being built anew and has not everything yet.
    pub(crate) is_whole: bool,
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

    fn behind(&self) -> std::sync::MutexGuard<'_, HashMap<WorkspaceId, watch::Receiver<bool>>> {
        self.behind.lock().unwrap_or_else(PoisonError::into_inner)
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
                self.forget_index(workspace).await?;
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
                    self.forget_index(workspace).await?;
                }
                Err(SearchError::Io(_)) if !was_rebuilt && self.is_deleted(workspace) => {
                    tracing::warn!("the index was deleted: it is built anew");
                    was_rebuilt = true;
                    self.forget_index(workspace).await?;
                }
                other => other?,
            }
        }
    }

    /// Brings the index up to date after a change that is committed: now, or in the background when the disk
    /// does not let it now.
    pub(crate) async fn keep_up(&self, workspace: WorkspaceId) {
        if let Err(error) = self.catch_up(workspace).await {
            tracing::warn!(%error, "the index is behind");
            self.follow(workspace);
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
        {
            let _alone = self.inner.indexes.feeding.lock().await;
            self.forget_index(workspace).await?;
        }
        self.catch_up(workspace).await
    }

    /// True when somebody deleted the folder of an index that is open.
    fn is_deleted(&self, workspace: WorkspaceId) -> bool {
        !self.workspace(workspace).index_folder().is_dir()
    }

    /// Deletes the index; nobody may feed it meanwhile.
    async fn forget_index(&self, workspace: WorkspaceId) -> Result<()> {
        let app = self.clone();
        blocking(move || app.inner.indexes.forget(&app.workspace(workspace))).await
    }

    /// Throws a damaged index away; it is built anew in the background.
    pub(crate) async fn rebuild_index(&self, workspace: WorkspaceId, why: &str) -> Result<()> {
        tracing::warn!(why, "the index is damaged: it is built anew");
        {
            let _alone = self.inner.indexes.feeding.lock().await;
            self.forget_index(workspace).await?;
        }
        self.follow(workspace);
        Ok(())
    }

    /// Brings the workspace's index up to date in the background; says when it is. While the workers run, a
    /// disk that is full or fails is tried again; a sender that is gone means that it was given up.
    pub(crate) fn follow(&self, workspace: WorkspaceId) -> watch::Receiver<bool> {
        let mut behind = self.inner.indexes.behind();
        if let Some(followed) = behind.get(&workspace) {
            return followed.clone();
        }
        let (done, followed) = watch::channel(false);
        behind.insert(workspace, followed.clone());
        let app = self.clone();
        tokio::spawn(async move {
            let mut caught_up = app.catch_up(workspace).await;
            while let Err(error) = &caught_up {
                tracing::warn!(%error, "the index could not be brought up to date");
                if !app.is_running() || app.is_damaged() {
                    break;
                }
                tokio::time::sleep(TRY_AGAIN).await;
                caught_up = app.catch_up(workspace).await;
            }
            app.inner.indexes.behind().remove(&workspace);
            // Whoever waits may close everything next.
            drop(app);
            if caught_up.is_ok() {
                // Nobody waits any more.
                let _ = done.send(true);
            }
        });
        followed
    }

    /// True when the index has everything, after a moment's wait; false while it is still being built.
    async fn is_caught_up(&self, workspace: WorkspaceId) -> Result<bool> {
        let index = self.index(workspace).await?;
        let followed = match index.watermark() {
            // New, deleted or set aside.
            0 => Some(self.follow(workspace)),
            _ => self.inner.indexes.behind().get(&workspace).cloned(),
        };
        let Some(mut followed) = followed else {
            return Ok(true);
        };
        let waited = tokio::time::timeout(PATIENCE, followed.wait_for(|done| *done)).await;
        Ok(waited.is_ok_and(|done| done.is_ok()))
    }

    /// Begins a search. A damaged index is thrown away and built anew.
    pub(crate) async fn begin_search(&self, workspace: WorkspaceId, query: Query) -> Result<Begun> {
        let query = Arc::new(query);
        let mut was_rebuilt = false;
        loop {
            let is_whole = self.is_caught_up(workspace).await?;
            let index = self.index(workspace).await?;
            let asked = Arc::clone(&query);
            match blocking(move || Ok(index.begin(&asked))).await? {
                Err(SearchError::Damaged(why)) if !was_rebuilt => {
                    was_rebuilt = true;
                    self.rebuild_index(workspace, &why).await?;
                }
                begun => {
                    return Ok(Begun {
                        round: begun?,
                        is_whole,
                    });
                }
            }
        }
    }

    /// Compares the checksums of the workspace's index files; what is damaged, if anything is.
    pub(crate) async fn verify_index(&self, workspace: WorkspaceId) -> Result<Option<String>> {
        let index = self.index(workspace).await?;
        blocking(move || match index.verify() {
            Err(SearchError::Damaged(what)) => Ok(Some(what)),
            verified => Ok(verified.map(|()| None)?),
        })
        .await
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
        let code = match &error {
            SearchError::Io(cause) if is_full(cause) => ErrorCode::Full,
            _ => ErrorCode::Internal,
        };
        Error::new(code, error.to_string()).caused_by(error)
    }
}

fn is_full(error: &std::io::Error) -> bool {
    use std::io::ErrorKind;
    matches!(
        error.kind(),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded
    )
}
