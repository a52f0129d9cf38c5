//! face first
#![allow(unused)]
pub mod answers;
pub mod assistants;
pub mod backup;
pub mod check;
pub mod conversations;
pub mod counts;
pub mod documents;
pub mod entry_tokens;
pub mod error;
pub mod events;
pub mod feed;
pub mod files;
pub mod jobs;
pub mod members;
pub mod messages;
pub mod outbox;
pub mod owner;
pub mod page;
pub mod passages;
pub mod qa;
pub mod reading;
pub mod receive;
pub mod restore;
pub mod secrets;
pub mod sessions;
pub mod settings;
pub mod sources;
pub mod usage;
pub mod vectors;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::event::Topic;
use domain::id::WorkspaceId;
use domain::job::Lane;
use domain::time::Timestamp;
use tokio::sync::broadcast;

use crate::error::StoreError;

pub(crate) fn soon<T>() -> Result<T, StoreError> {
    Err(StoreError::Closed)
}

/// The open store. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    data: PathBuf,
    changed: broadcast::Sender<Changed>,
}

/// One workspace of the store: nothing of another one can be seen or changed through it.
#[derive(Clone)]
pub struct Workspace {
    store: Store,
    id: WorkspaceId,
}

/// How the store is opened.
#[derive(Debug, Clone)]
pub struct StoreConfig {
    /// The data folder; created when missing.
    pub data: PathBuf,
    /// Where the key lies that wraps the key of the secrets.
    pub master_key: MasterKey,
}

/// Where the master key lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MasterKey {
    /// A file outside the data folder, readable by its owner only; created when missing.
    File(PathBuf),
    /// A file inside the data folder: whoever copies the folder has the key too. `doctor` warns of it.
    DataFolder,
}

/// Whether a repeatable operation did anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applied {
    /// It did.
    Applied,
    /// It was done before: nothing changed.
    AlreadyApplied,
}

/// A hint that something of a workspace was committed. Missed hints do no harm: cursors tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// Where.
    pub workspace_id: WorkspaceId,
    /// What kinds of things.
    pub topics: Vec<Topic>,
    /// Lanes that have a new job.
    pub lanes: Vec<Lane>,
}

impl Store {
    /// Opens the store: takes the lock, migrates, sweeps up after a crash. Blocking; call it at the start.
    pub fn open(config: StoreConfig, now: Timestamp) -> Result<Store, StoreError> {
        soon()
    }

    /// Everything of one workspace.
    pub fn workspace(&self, id: WorkspaceId) -> Workspace {
        Workspace {
            store: self.clone(),
            id,
        }
    }

    /// Hints after each commit. A receiver that lags is told so and reads by cursor.
    pub fn changed(&self) -> broadcast::Receiver<Changed> {
        self.inner.changed.subscribe()
    }

    /// Finishes what waits, closes the files and frees the lock. Later operations are `Closed`.
    pub async fn close(&self) -> Result<(), StoreError> {
        soon()
    }

    /// Where the master key lies.
    pub fn master_key(&self) -> &MasterKey {
        &MasterKey::DataFolder
    }

    /// The data folder.
    pub fn data_folder(&self) -> &Path {
        &self.inner.data
    }

    /// The folder of backups, inside the data folder.
    pub fn backups_folder(&self) -> PathBuf {
        self.inner.data.join("backups")
    }

    /// The folder of models, inside the data folder.
    pub fn models_folder(&self) -> PathBuf {
        self.inner.data.join("models")
    }
}

impl Workspace {
    /// Whose this is.
    pub fn id(&self) -> WorkspaceId {
        self.id
    }

    /// The folder of its index, inside the data folder. The index may be deleted at any time.
    pub fn index_folder(&self) -> PathBuf {
        self.store
            .inner
            .data
            .join("index")
            .join(self.id.to_string())
    }
}
