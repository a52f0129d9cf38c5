//! The truth: one SQLite database and a folder of originals.
//!
//! Owns: all SQL, the migrations, the lock of the data folder, sealing of secrets, backup and restore.
//! Not here: what an answer is, the search index, HTTP, clocks and ids (both are passed in).
//!
//! Public methods are whole operations, each atomic: all of it is kept, or nothing. [`Store`] has what belongs to
//! the system, [`Workspace`] (from [`Store::workspace`]) what belongs to one business; a row of another workspace
//! is `NotFound`. Writes go to one thread that commits many callers' operations together; reads use a few
//! read-only connections. Every call can answer [`StoreError::Busy`].
//!
//! The face, by file:
//!
//! | file | on | operations |
//! |---|---|---|
//! | `owner` | store | `first_owner` `has_owner` `workspaces` `rename_workspace` |
//! | `members` `sessions` `entry_tokens` | store | `member_by_email` `member` `members` `set_password_hash`, `create_session` `session` `end_session(s)`, `put_` `take_` `entry_token` |
//! | `team` `totp` `invitations` | workspace | `team` `set_role` `give_ownership` `remove_member` `people_log`, `second_step` `turn_second_step_on` `_off` `take_step` `take_spare_code` `set_spare_codes`, `invite` `invitations` `invite_again` `withdraw_invitation` `invitation_letter` `letter_sent` `letter_waits` `letter_failed` |
//! | | store | `sessions_of` `end_session_of`, `open_invitation` `accept_invitation` |
//! | `jobs` | store | `lease_jobs` `renew_lease` `fail_job` `release_job` `finish_job` `next_job_at` `job_counts` |
//! | | workspace | `enqueue` `jobs` `retry_job` |
//! | `files` | store | `put_file` `file_path` |
//! | `sources` `documents` `reading` `passages` | workspace | `create_` `remove_source` `source(s)`, `add_` `remove_` `reread_document` `document(s)` `document_text`, `reading` `document_read` `document_failed`, `passages` `passages_by_id` `document_titles` |
//! | `following` `looking` | both | `follow` `all_followed` `followed` `change_followed` `look_soon` `followed_items` `followed_now`, `begin_look` `add_items` `due_item` `item_looked` `item_taken` `put_aside` `end_look` |
//! | `feed` `vectors` `switching` | workspace | `index_feed`, `embedder` `use_embedder` `passages_without_vector` `save_vectors`, `gather_for` `gathered` `passages_to_gather` `gather_vectors` `switch_embedder` |
//! | `qa` `assistants` | workspace | `put_` `remove_qa` `qa` `qa_list` `all_qa` and vectors; `create_` `update_` `remove_assistant` `assistant(s)` `assistant_version(s)` |
//! | `receive` `conversations` `messages` `answers` | workspace | `receive` `create_conversation`, `conversation(s)`, `messages` `unanswered`, `commit_answer` `stop_answer` `trace` |
//! | `past` | workspace | `past_answers` |
//! | `bots` | workspace | `create_` `change_` `remove_bot` `bot(s)` `set_bot_token` `bot_token(_hint)` |
//! | | store | `bots_to_run` `lease_` `renew_` `release_bot` `set_bot_state` `set_bot_account` `heard_bot` `bot_told` |
//! | `updates` | store | `take_updates` `take_pushed_update` `waiting_updates` `end_update` `bot_queue` |
//! | `addresses` `business` | both | `address` `pause_address`, `conversation_at` `unreachable_chat` `migrate_chat`, `set_` `business_connection` |
//! | `letters` `attachments` `contacts` `ratings` `notes` | workspace | `letter` `edit_received`, `attachment(s)` `attachment_kept` `_failed`, `profile` `set_contact_details` `ban` `unban`, `rate` `ratings` `low_rated` `review` `answer_rated`, `add_note` `notes` |
//! | `unanswered` `home` `activity` | workspace | `unanswered_list` `known_unanswered` `answer_unanswered` `dismiss_unanswered` `return_unanswered`, `home`, `activity` |
//! | `handoffs` | workspace | `handoff(s)` `handoff_log` `transit` `member_says`; on store `idle_handoffs` |
//! | `inbox` `inbox_labels` `inbox_search` `assignments` `saved_replies` | workspace | `inbox` `inbox_counts` `inbox_row` `beside`, `inbox_labels` `put_` `remove_inbox_label` `label_conversation`, `search_inbox`, `assign` `assignments`, `saved_replies` `put_` `remove_saved_reply` |
//! | `console` `remotes` `presses` | both | `console_topic` …, `conversation_of_topic` `_of_remote` `remote_messages`, `press` `mark_pressed` |
//! | `outbox` | both | `queue_outgoing` `deliveries`, `lease_outgoing` `next_outgoing_at` `outgoing_part` `_sent` `_uncertain` `_failed` `_later` `_retry` |
//! | `audit` | workspace | `noting` `note` `audit` `verify_audit` |
//! | `events` `settings` `secrets` `usage` `counts` | workspace | `events_since` `last_event`, `setting` `set_setting`, `put_` `remove_secret` `secret` `secret_hint`, `usage` `engine_asked` `engine_told` `engine_day`, `counts` |
//! | `secrets` `recovery` `master` | store | `unreadable_secrets` `rotate_data_key`, `new_recovery_code` `recovery` `open_with_code`, `key_place` |
//! | `backup` `restore` `check` `cleanup` | store | `backup` `backups` `remove_backup` `verify_backup`, `restore` `restore_latest` `restore_opening` `restore_latest_opening` `stage_restore`, `check` `damaged`, `clean_up` |

pub mod activity;
pub mod addresses;
pub mod answers;
pub mod assignments;
pub mod assistants;
pub mod attachments;
pub mod audit;
pub mod backup;
pub mod bots;
pub mod business;
pub mod check;
pub mod cleanup;
pub mod console;
pub mod contacts;
pub mod conversations;
pub mod counts;
pub mod documents;
pub mod entry_tokens;
pub mod error;
pub mod events;
pub mod feed;
pub mod files;
pub mod following;
pub mod handoffs;
pub mod home;
pub mod inbox;
pub mod inbox_labels;
pub mod inbox_search;
pub mod invitations;
pub mod jobs;
pub mod labels;
pub mod letters;
mod lock;
pub mod looking;
mod master;
pub mod members;
pub mod messages;
mod migrate;
pub mod notes;
mod open;
pub mod outbox;
pub mod owner;
pub mod page;
pub mod passages;
pub mod past;
pub mod presses;
pub mod qa;
pub mod ratings;
mod readers;
pub mod reading;
pub mod receive;
pub mod recovery;
pub mod remotes;
pub mod restore;
pub mod saved_replies;
mod seal;
pub mod secrets;
pub mod sessions;
pub mod settings;
pub mod sources;
mod sql;
pub mod switching;
pub mod team;
pub mod totp;
pub mod unanswered;
pub mod updates;
pub mod usage;
pub mod vectors;
pub mod versions;
mod wal;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64};

use domain::event::Topic;
use domain::id::WorkspaceId;
use domain::job::Lane;
use domain::time::Timestamp;
use rusqlite::Connection;
use tokio::sync::broadcast;

use crate::error::StoreError;
use crate::files::Files;
pub use crate::master::{KeyPlace, Keychain, MasterKey};
use crate::readers::Readers;
use crate::seal::Keys;
use crate::writer::{Desk, Tx, Writer};

/// The open store. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    data: PathBuf,
    writer: Writer,
    readers: Readers,
    files: Arc<Files>,
    keys: Arc<Keys>,
    changed: broadcast::Sender<Changed>,
    settings_written: Arc<AtomicU64>,
    damaged: Arc<AtomicBool>,
    checking: Arc<check::Checking>,
    passing: sessions::Passing,
}

/// One workspace of the store: nothing of another one can be seen or changed through it.
#[derive(Clone)]
pub struct Workspace {
    store: Store,
    id: WorkspaceId,
    /// What is written down with whatever is written next.
    pending: Option<audit::Pending>,
}

/// How the store is opened.
#[derive(Debug, Clone)]
pub struct StoreConfig {
    /// The data folder; created when missing.
    pub data: PathBuf,
    /// Where the key lies that seals the key of the secrets.
    pub master_key: MasterKey,
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
    /// Lanes that have a job that may run.
    pub lanes: Vec<Lane>,
}

/// Hints that a slow listener may be behind before it is told that it missed some.
const HINTS: usize = 256;

impl Store {
    /// Opens the store: takes the lock, migrates, sweeps up after a crash. Blocking; call it at the start.
    ///
    /// `Locked` when another instance has the folder, `Newer` when the data is of a newer version (nothing is
    /// changed then), `Corrupt` when it is no database of ours, or when its log is damaged (nothing is changed then).
    pub fn open(config: StoreConfig, now: Timestamp) -> Result<Store, StoreError> {
        let StoreConfig { data, master_key } = config;
        open::private_folder(&data)?;
        open::refuse_network(&data)?;
        let lock = lock::take(&data)?;
        let database = data.join(DATABASE);
        restore::finish(&data)?;
        wal::refuse_damaged(&database)?;
        migrate::refuse_newer(&database)?;
        let mut conn = open::writing(&database)?;
        migrate::migrate(&mut conn, migrate::MIGRATIONS, &data.join("backups"), now)?;
        let files = Arc::new(Files::open(data.join("files"))?);
        let keys = Arc::new(Keys::load(&conn, &master_key, &data)?);
        if let Err(error) = audit::catch_up(&conn, &keys, now) {
            tracing::warn!(%error, "the audit log is caught up with at the next start");
        }
        let freed = jobs::free_all(&conn)
            .and_then(|()| bots::free_all(&conn))
            .and_then(|()| outbox::queue_cut_off(&conn));
        match freed {
            // Everything can be read; what was leased comes free when its lease ends.
            Err(StoreError::Full) => tracing::warn!("the disk is full: nothing can be written"),
            freed => freed?,
        }

        let (changed, _) = broadcast::channel(HINTS);
        let damaged = Arc::new(AtomicBool::new(false));
        let settings_written = Arc::new(AtomicU64::new(0));
        let writer = Writer::start(Desk {
            conn,
            files: files.clone(),
            keys: keys.clone(),
            changed: changed.clone(),
            settings_written: settings_written.clone(),
            damaged: damaged.clone(),
            log: data.join(format!("{DATABASE}-wal")),
            lock,
        })?;
        let readers = Readers::new(database, damaged.clone());
        let inner = Inner {
            data,
            writer,
            readers,
            files,
            keys,
            changed,
            settings_written,
            damaged,
            checking: Arc::default(),
            passing: sessions::Passing::default(),
        };
        Ok(Store {
            inner: Arc::new(inner),
        })
    }

    /// Everything of one workspace.
    pub fn workspace(&self, id: WorkspaceId) -> Workspace {
        Workspace {
            store: self.clone(),
            id,
            pending: None,
        }
    }

    /// Hints after each commit. A receiver that lags is told so and reads by cursor.
    pub fn changed(&self) -> broadcast::Receiver<Changed> {
        self.inner.changed.subscribe()
    }

    /// Finishes what waits, closes the files and frees the lock. Later operations are `Closed`.
    pub async fn close(&self) -> Result<(), StoreError> {
        let inner = self.inner.clone();
        let closing = tokio::task::spawn_blocking(move || inner.close());
        closing
            .await
            .map_err(|error| StoreError::Database(Box::new(error)))
    }

    /// Where the master key is to lie, as the store was opened.
    pub fn master_key(&self) -> &MasterKey {
        self.inner.keys.master.place()
    }

    /// The data folder.
    pub fn data_folder(&self) -> &Path {
        &self.inner.data
    }

    /// The folder of backups, inside the data folder; made by the first backup.
    pub fn backups_folder(&self) -> PathBuf {
        self.inner.data.join("backups")
    }

    /// The folder of models, inside the data folder; made by whoever puts one in.
    pub fn models_folder(&self) -> PathBuf {
        self.inner.data.join("models")
    }

    pub(crate) async fn write<T, F>(&self, operation: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        self.inner.writer.write(operation).await
    }

    pub(crate) async fn read<T, F>(&self, operation: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        self.inner.readers.read(operation).await
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

    pub(crate) async fn write<T, F>(&self, operation: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>, WorkspaceId) -> Result<T, StoreError> + Send + 'static,
    {
        let id = self.id;
        let pending = self.pending.clone();
        self.store
            .write(move |tx| {
                let done = operation(tx, id)?;
                if let Some(pending) = pending {
                    audit::append_pending(tx, id, &pending)?;
                }
                Ok(done)
            })
            .await
    }

    pub(crate) async fn read<T, F>(&self, operation: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection, WorkspaceId) -> Result<T, StoreError> + Send + 'static,
    {
        let id = self.id;
        self.store.read(move |conn| operation(conn, id)).await
    }
}

/// The database's name in the data folder.
const DATABASE: &str = "chatai.db";

impl Inner {
    fn close(&self) {
        self.checking.close();
        // Readers first: the last connection to close folds the log in.
        self.readers.close();
        self.writer.close();
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.close();
    }
}
