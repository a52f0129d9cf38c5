//! The open indexes, one a workspace, and how they follow the store.
//!
//! The store is the truth; an index carries the store's watermark and is fed what came after it. A folder that
//! was deleted or set aside starts at 0 and is fed everything, by the feeder (`work::feed`): searches wait a
//! moment for it, then make do with what is there and say so.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex as StdMutex, PoisonError, RwLock};
use std::time::Duration;

use domain::id::WorkspaceId;
use search::{Change, Index, Query, Round, SearchError};
use store::Workspace;
use store::feed::FeedChange;
use tokio::sync::{Mutex, Notify, watch};

use crate::App;
use crate::error::{Error, ErrorCode, Result};
use crate::who::Who;

/// Changes that are read from the store at a time.
const FEED: u32 = 1_000;
/// A commit takes no more in once it has so many bytes of text and vectors: they are in memory until then.
const COMMIT_BYTES: usize = 16 << 20;
/// How long a search waits for what was read just now.
const A_MOMENT: Duration = Duration::from_millis(300);
/// How long a search waits for an index that is being built anew.
const PATIENCE: Duration = Duration::from_secs(1);

#[derive(Default)]
pub(crate) struct Indexes {
    open: RwLock<HashMap<WorkspaceId, Arc<Index>>>,
    /// Lets one feeder in at a time.
    feeding: Mutex<()>,
    /// Workspaces whose store is ahead, for the feeder.
    behind: StdMutex<BTreeSet<WorkspaceId>>,
    /// Tells the feeder that there is one.
    hint: Notify,
    /// Whether a workspace's index was fed to the end since it was opened, and could be fed ever since.
    whole: StdMutex<HashMap<WorkspaceId, watch::Sender<bool>>>,
}

/// A search that has begun.
pub(crate) struct Begun {
    /// The search.
    pub(crate) round: Round,
    /// False when the index is being built anew and has not everything yet.
    pub(crate) is_whole: bool,
}

/// What an index is fed in one commit.
struct Batch {
    changes: Vec<Change>,
    /// How far the index is then.
    upto: u64,
    /// True when the store had no more.
    is_last: bool,
}

impl Indexes {
    /// The workspace's index where it is open; also `None` while one is being opened.
    fn opened(&self, workspace: WorkspaceId) -> Option<Arc<Index>> {
        let open = self.open.try_read().ok()?;
        open.get(&workspace).cloned()
    }

    /// The workspace's index; opened on first use. Blocks while it opens.
    fn get(&self, workspace: &Workspace) -> Result<Arc<Index>> {
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

    fn set_whole(&self, workspace: WorkspaceId, is_whole: bool) {
        let mut whole = self.whole.lock().unwrap_or_else(PoisonError::into_inner);
        whole.entry(workspace).or_default().send_replace(is_whole);
    }

    /// Follows whether the workspace's index is whole.
    fn whole(&self, workspace: WorkspaceId) -> watch::Receiver<bool> {
        let mut whole = self.whole.lock().unwrap_or_else(PoisonError::into_inner);
        whole.entry(workspace).or_default().subscribe()
    }

    /// Closes the workspace's index and deletes its folder: the next use builds it anew.
    fn forget(&self, workspace: &Workspace) -> Result<()> {
        self.set_whole(workspace.id(), false);
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
        if let Some(index) = self.inner.indexes.opened(workspace) {
            return Ok(index);
        }
        let app = self.clone();
        blocking(move || app.inner.indexes.get(&app.workspace(workspace))).await
    }

    /// Something of the workspace is to be found soon: its index is fed at once when nothing else is being
    /// fed, together with what comes meanwhile otherwise.
    pub(crate) fn catch_up_soon(&self, workspace: WorkspaceId) {
        self.inner.indexes.behind().insert(workspace);
        self.inner.indexes.hint.notify_one();
    }

    /// Feeds the indexes of which [`App::catch_up_soon`] told. Those that fail are told of again, when all were
    /// tried; the last failure is returned. A damaged database is given up: only a restore changes it.
    pub(crate) async fn catch_up_behind(&self) -> Result<()> {
        let mut again = Vec::new();
        let mut fed = Ok(());
        loop {
            let next = self.inner.indexes.behind().pop_first();
            let Some(workspace) = next else { break };
            if let Err(error) = self.catch_up(workspace).await {
                again.push(workspace);
                fed = Err(error);
            }
        }
        if !self.is_damaged() {
            for workspace in again {
                self.catch_up_soon(workspace);
            }
        }
        fed
    }

    /// Feeds the workspace's index everything the store has and it has not. Cheap when there is nothing. What
    /// comes while the last commit is written is left to the next call, so that this one ends.
    pub(crate) async fn catch_up(&self, workspace: WorkspaceId) -> Result<()> {
        let _alone = self.inner.indexes.feeding.lock().await;
        let fed = self.feed(workspace).await;
        self.inner.indexes.set_whole(workspace, fed.is_ok());
        fed
    }

    /// Nobody else may feed the index meanwhile.
    async fn feed(&self, workspace: WorkspaceId) -> Result<()> {
        let mut was_rebuilt = false;
        loop {
            let index = self.index(workspace).await?;
            let next = self.next_commit(workspace, index.watermark()).await?;
            let Some(Batch {
                changes,
                upto,
                is_last,
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
                Ok(()) if is_last => return Ok(()),
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

    /// What the index of a workspace gets next, and how far it is then; `None` when the store does not know
    /// that it ever was as far as `after`.
    async fn next_commit(&self, workspace: WorkspaceId, after: u64) -> Result<Option<Batch>> {
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
                return Ok(Some(Batch {
                    changes,
                    upto,
                    is_last: !feed.more,
                }));
            }
        }
    }

    /// Brings the index up to date after a change that is committed: now, or by the feeder when the disk does
    /// not let it now.
    pub(crate) async fn keep_up(&self, workspace: WorkspaceId) {
        if let Err(error) = self.catch_up(workspace).await {
            tracing::warn!(%error, "the index is behind");
            self.catch_up_soon(workspace);
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

    /// Throws a damaged index away; the feeder builds it anew.
    pub(crate) async fn rebuild_index(&self, workspace: WorkspaceId, why: &str) -> Result<()> {
        tracing::warn!(why, "the index is damaged: it is built anew");
        {
            let _alone = self.inner.indexes.feeding.lock().await;
            self.forget_index(workspace).await?;
        }
        self.catch_up_soon(workspace);
        Ok(())
    }

    /// True when the index has everything: after a moment's wait for the feeder, or fed here and now while the
    /// workers do not run. False while it is still being built.
    pub(crate) async fn is_caught_up(&self, workspace: WorkspaceId) -> bool {
        let mut whole = self.inner.indexes.whole(workspace);
        let is_whole = *whole.borrow_and_update();
        if is_whole {
            self.see_the_latest(workspace).await;
            return true;
        }
        if !self.is_running() {
            self.keep_up(workspace).await;
            return *whole.borrow_and_update();
        }
        self.catch_up_soon(workspace);
        let waited = tokio::time::timeout(PATIENCE, whole.wait_for(|is_whole| *is_whole)).await;
        waited.is_ok_and(|is_whole| is_whole.is_ok())
    }

    /// What was read a moment ago shall be found: feeds what waits for the feeder, but makes nobody wait long.
    async fn see_the_latest(&self, workspace: WorkspaceId) {
        let indexes = &self.inner.indexes;
        let is_behind =
            indexes.behind().contains(&workspace) || indexes.feeding.try_lock().is_err();
        if is_behind {
            // Feeding goes on when the wait ends: what was begun is committed, the rest is the feeder's.
            let _ = tokio::time::timeout(A_MOMENT, self.catch_up(workspace)).await;
        }
    }

    /// Feeds the member's index everything that was read by now.
    pub async fn index_what_was_read(&self, who: &Who) -> Result<()> {
        self.catch_up(who.workspace()).await
    }

    /// Begins a search. A damaged index is thrown away and built anew.
    pub(crate) async fn begin_search(&self, workspace: WorkspaceId, query: Query) -> Result<Begun> {
        let query = Arc::new(query);
        let mut was_rebuilt = false;
        loop {
            let is_whole = self.is_caught_up(workspace).await;
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
