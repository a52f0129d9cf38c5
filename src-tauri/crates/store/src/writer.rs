//! The one writer: a thread that commits the operations of many callers together.
//!
//! Each operation has its own savepoint, so that a failing one takes nothing of the others with it; each caller
//! gets its result only after the commit. When SQLite gives the whole transaction up (a full disk), every
//! operation of it fails alike.

use std::any::Any;
use std::collections::BTreeMap;
use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use domain::event::Topic;
use domain::id::WorkspaceId;
use domain::job::Lane;
use rusqlite::Connection;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, broadcast, oneshot};

use crate::error::StoreError;
use crate::files::Files;
use crate::seal::Keys;
use crate::{Changed, sql};

/// Operations that may wait; more than that is `Busy`.
const WAITING: usize = 1_024;
/// How long a caller waits for a place in the queue.
const PATIENCE: Duration = Duration::from_secs(5);
/// The most operations of one commit.
const TOGETHER: usize = 512;
/// After so long a commit takes no further operations in.
const LONGEST: Duration = Duration::from_millis(20);
/// How long a commit waits for company, while there are fewer operations than in the last one.
const COMPANY: Duration = Duration::from_micros(300);
/// After so long without work the log is folded into the database.
const IDLE: Duration = Duration::from_secs(5);
/// A log larger than this (bytes) means that something keeps it from being folded in.
const LOG_ALARM: u64 = 256 * 1024 * 1024;

/// What an operation writes through, and what it wants to happen after the commit.
pub(crate) struct Tx<'c> {
    /// The connection, inside the transaction.
    pub(crate) conn: &'c Connection,
    /// The keys that seal.
    pub(crate) keys: &'c Keys,
    /// What is to happen after the commit.
    pub(crate) after: AfterCommit,
}

/// What is to happen after the commit.
#[derive(Default)]
pub(crate) struct AfterCommit {
    /// Hints to send.
    pub(crate) changed: BTreeMap<WorkspaceId, Changed>,
    /// Originals that may have lost their last document.
    pub(crate) loose_files: Vec<String>,
}

impl AfterCommit {
    fn of(&mut self, workspace_id: WorkspaceId) -> &mut Changed {
        self.changed.entry(workspace_id).or_insert(Changed {
            workspace_id,
            topics: Vec::new(),
            lanes: Vec::new(),
        })
    }

    /// Something of this topic changed.
    pub(crate) fn topic(&mut self, workspace_id: WorkspaceId, topic: Topic) {
        let topics = &mut self.of(workspace_id).topics;
        if !topics.contains(&topic) {
            topics.push(topic);
        }
    }

    /// A lane has a job that may run.
    pub(crate) fn lane(&mut self, workspace_id: WorkspaceId, lane: Lane) {
        let lanes = &mut self.of(workspace_id).lanes;
        if !lanes.contains(&lane) {
            lanes.push(lane);
        }
    }

    fn absorb(&mut self, other: AfterCommit) {
        for (workspace_id, changed) in other.changed {
            for topic in changed.topics {
                self.topic(workspace_id, topic);
            }
            for lane in changed.lanes {
                self.lane(workspace_id, lane);
            }
        }
        self.loose_files.extend(other.loose_files);
    }
}

/// The queue to the thread.
pub(crate) struct Writer {
    queue: Mutex<Option<mpsc::Sender<Queued>>>,
    room: Arc<Semaphore>,
    damaged: Arc<AtomicBool>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

/// What the thread works with.
pub(crate) struct Desk {
    /// The only connection that writes.
    pub(crate) conn: Connection,
    /// The originals.
    pub(crate) files: Arc<Files>,
    /// The keys that seal.
    pub(crate) keys: Arc<Keys>,
    /// Where hints go.
    pub(crate) changed: broadcast::Sender<Changed>,
    /// How often settings were written.
    pub(crate) settings_written: Arc<AtomicU64>,
    /// Set once damage is seen.
    pub(crate) damaged: Arc<AtomicBool>,
    /// SQLite's log, for its size.
    pub(crate) log: PathBuf,
    /// The lock of the data folder: free when the thread has ended.
    pub(crate) lock: File,
}

impl Writer {
    /// Starts the thread.
    pub(crate) fn start(desk: Desk) -> Result<Writer, StoreError> {
        let (queue, waiting) = mpsc::channel();
        let damaged = desk.damaged.clone();
        let thread = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || work(desk, &waiting))?;
        Ok(Writer {
            queue: Mutex::new(Some(queue)),
            room: Arc::new(Semaphore::new(WAITING)),
            damaged,
            thread: Mutex::new(Some(thread)),
        })
    }

    /// Runs an operation in a transaction; its result comes after the commit.
    pub(crate) async fn write<T, F>(&self, operation: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        if self.damaged.load(Ordering::Acquire) {
            return Err(StoreError::Corrupt("damage was found".to_owned()));
        }
        let place = match self.room.clone().try_acquire_owned() {
            Ok(place) => place,
            Err(_) => tokio::time::timeout(PATIENCE, self.room.clone().acquire_owned())
                .await
                .map_err(|_| StoreError::Busy)?
                .map_err(|_| StoreError::Closed)?,
        };
        let (reply, result) = oneshot::channel();
        let queued = Queued {
            operation: Box::new(Typed {
                operation: Some(operation),
                result: None,
                reply,
            }),
            place,
        };
        {
            let queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
            let queue = queue.as_ref().ok_or(StoreError::Closed)?;
            queue.send(queued).map_err(|_| StoreError::Closed)?;
        }
        result.await.map_err(|_| StoreError::Closed)?
    }

    /// Lets the thread finish what waits and end. Blocking.
    pub(crate) fn close(&self) {
        drop(
            self.queue
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .take(),
        );
        let thread = self
            .thread
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(thread) = thread
            && thread.join().is_err()
        {
            tracing::error!("the store's writer ended with a panic");
        }
    }
}

struct Queued {
    operation: Box<dyn Operation>,
    place: OwnedSemaphorePermit,
}

/// An operation whose result's type is not known here.
trait Operation: Send {
    /// Runs it; true when its changes are to be kept.
    fn run(&mut self, tx: &mut Tx<'_>) -> bool;
    /// The error it failed with, if it did.
    fn error(&self) -> Option<&StoreError>;
    /// Sends the result; what succeeded fails with `lost` when the commit did.
    fn settle(self: Box<Self>, lost: Option<StoreError>);
}

struct Typed<T, F> {
    operation: Option<F>,
    result: Option<Result<T, StoreError>>,
    reply: oneshot::Sender<Result<T, StoreError>>,
}

impl<T, F> Operation for Typed<T, F>
where
    T: Send,
    F: FnOnce(&mut Tx<'_>) -> Result<T, StoreError> + Send,
{
    fn run(&mut self, tx: &mut Tx<'_>) -> bool {
        let Some(operation) = self.operation.take() else {
            return false;
        };
        let result = catch_unwind(AssertUnwindSafe(|| operation(tx)))
            .unwrap_or_else(|panic| Err(panicked(panic.as_ref())));
        let keep = result.is_ok();
        self.result = Some(result);
        keep
    }

    fn error(&self) -> Option<&StoreError> {
        self.result.as_ref()?.as_ref().err()
    }

    fn settle(self: Box<Self>, lost: Option<StoreError>) {
        let result = match (self.result, lost) {
            (Some(Err(error)), _) => Err(error),
            (_, Some(lost)) => Err(lost),
            (Some(Ok(value)), None) => Ok(value),
            (None, None) => Err(StoreError::Closed),
        };
        // Nobody waits any more: what was kept is kept all the same.
        let _ = self.reply.send(result);
    }
}

/// What the caller of an operation that panicked is told.
pub(crate) fn panicked(panic: &(dyn Any + Send)) -> StoreError {
    let words = panic
        .downcast_ref::<&str>()
        .map(ToString::to_string)
        .or_else(|| panic.downcast_ref::<String>().cloned());
    let words = format!("an operation panicked: {}", words.unwrap_or_default());
    StoreError::Database(words.into())
}

fn work(desk: Desk, waiting: &mpsc::Receiver<Queued>) {
    let mut unfolded = true;
    let mut commits: u64 = 0;
    let mut together = 1;
    loop {
        match waiting.recv_timeout(IDLE) {
            Ok(first) => {
                together = batch(&desk, first, waiting, together);
                unfolded = true;
                commits += 1;
                if commits.is_multiple_of(1_000) {
                    look_at_log(&desk);
                }
            }
            Err(mpsc::RecvTimeoutError::Timeout) if unfolded => {
                fold_log(&desk);
                look_at_log(&desk);
                unfolded = false;
            }
            Err(mpsc::RecvTimeoutError::Timeout) => {}
            Err(mpsc::RecvTimeoutError::Disconnected) => break,
        }
    }
    fold_log(&desk);
    let Desk { conn, lock, .. } = desk;
    if let Err((_, error)) = conn.close() {
        tracing::warn!(%error, "closing the database failed");
    }
    // The lock is the last to go: whoever gets it finds everything closed.
    drop(lock);
}

/// Commits operations together; says how many they were. Callers that were answered together come again
/// together: waiting a moment for as many as last time saves most of them a commit of their own.
fn batch(desk: &Desk, first: Queued, waiting: &mpsc::Receiver<Queued>, expected: usize) -> usize {
    let begun = Instant::now();
    if let Err(error) = desk.conn.execute_batch("BEGIN IMMEDIATE") {
        let error = StoreError::from(error);
        note_damage(desk, &error);
        first.operation.settle(Some(error));
        return 1;
    }
    let mut finished = Vec::new();
    let mut after = AfterCommit::default();
    let mut lost = None;
    let mut next = Some(first);
    while let Some(mut queued) = next {
        lost = run(desk, queued.operation.as_mut(), &mut after);
        finished.push(queued);
        if lost.is_some() || finished.len() >= TOGETHER || begun.elapsed() > LONGEST {
            break;
        }
        next = match waiting.try_recv() {
            Ok(queued) => Some(queued),
            Err(_) if finished.len() < expected => waiting.recv_timeout(COMPANY).ok(),
            Err(_) => None,
        };
    }
    if lost.is_none() {
        lost = desk
            .conn
            .execute_batch("COMMIT")
            .err()
            .map(StoreError::from);
    }
    if let Some(error) = &lost {
        note_damage(desk, error);
        if !desk.conn.is_autocommit()
            && let Err(error) = desk.conn.execute_batch("ROLLBACK")
        {
            tracing::error!(%error, "rolling back failed");
        }
    } else {
        follow_up(desk, after);
    }
    let together = finished.len();
    for Queued { operation, place } in finished {
        operation.settle(lost.as_ref().map(StoreError::another));
        drop(place);
    }
    together
}

/// Runs one operation inside the open transaction; an error when the whole transaction is lost.
fn run(desk: &Desk, operation: &mut dyn Operation, after: &mut AfterCommit) -> Option<StoreError> {
    if let Err(error) = sql::run(&desk.conn, "SAVEPOINT operation", []) {
        return Some(error);
    }
    let mut tx = Tx {
        conn: &desk.conn,
        keys: &desk.keys,
        after: AfterCommit::default(),
    };
    let keep = operation.run(&mut tx);
    let own = tx.after;
    if let Some(error @ StoreError::Corrupt(_)) = operation.error() {
        return Some(error.another());
    }
    if desk.conn.is_autocommit() {
        let error = operation.error().map(StoreError::another);
        return Some(error.unwrap_or(StoreError::Closed));
    }
    let mut ended = Ok(0);
    if keep {
        after.absorb(own);
    } else {
        ended = sql::run(&desk.conn, "ROLLBACK TO operation", []);
    }
    ended
        .and_then(|_| sql::run(&desk.conn, "RELEASE operation", []))
        .err()
}

fn follow_up(desk: &Desk, after: AfterCommit) {
    for changed in after.changed.into_values() {
        // Before the operation is said to be done: whoever asks then finds what they knew out of date.
        if changed.topics.contains(&Topic::Settings) {
            desk.settings_written.fetch_add(1, Ordering::AcqRel);
        }
        // Nobody listens: cursors tell later.
        let _ = desk.changed.send(changed);
    }
    for content_hash in after.loose_files {
        if let Err(error) = desk.files.remove_if_loose(&desk.conn, &content_hash) {
            tracing::warn!(%error, "an original could not be removed; the daily cleaning removes it");
        }
    }
}

fn note_damage(desk: &Desk, error: &StoreError) {
    if matches!(error, StoreError::Corrupt(_)) {
        tracing::error!(%error, "the database is damaged: nothing is written any more");
        desk.damaged.store(true, Ordering::Release);
    }
}

fn fold_log(desk: &Desk) {
    let folded = desk
        .conn
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
    if let Err(error) = folded {
        note_damage(desk, &error.into());
    }
}

fn look_at_log(desk: &Desk) {
    let bytes = std::fs::metadata(&desk.log).map_or(0, |log| log.len());
    if bytes > LOG_ALARM {
        tracing::warn!(
            bytes,
            "the database's log is {bytes} bytes and is not folded in"
        );
    }
}
