//! The readers: a few threads, each with a connection that only reads, and one queue for all of them. A thread goes
//! from one read to the next without sleeping in between: most reads take microseconds, less than waking a thread.

use std::collections::VecDeque;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use tokio::sync::oneshot;

use crate::error::StoreError;
use crate::{open, sql, writer};

/// Threads that read at the same time.
const READERS: usize = 4;
/// Reads that may wait; more than that is `Busy`.
const WAITING: usize = 4_096;
/// How long a read may wait for a thread before it is `Busy`.
const PATIENCE: Duration = Duration::from_secs(5);

/// The threads and their queue.
pub(crate) struct Readers {
    desk: Arc<Desk>,
}

/// What the threads share.
struct Desk {
    database: PathBuf,
    queue: Mutex<Queue>,
    /// A read came in, or the end.
    wake: Condvar,
    /// A thread ended.
    ended: Condvar,
    damaged: Arc<AtomicBool>,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Box<dyn Read>>,
    /// Threads that live.
    threads: usize,
    /// Those of them that wait for a read.
    asleep: usize,
    /// Those of them that read.
    busy: usize,
    is_closed: bool,
}

impl Readers {
    /// Readers that are started, and open their connections, when they are wanted.
    pub(crate) fn new(database: PathBuf, damaged: Arc<AtomicBool>) -> Readers {
        let desk = Desk {
            database,
            queue: Mutex::default(),
            wake: Condvar::new(),
            ended: Condvar::new(),
            damaged,
        };
        Readers {
            desk: Arc::new(desk),
        }
    }

    /// Reads one moment of the database.
    pub(crate) async fn read<T, F>(&self, operation: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        let (reply, mut result) = oneshot::channel();
        let begun = Arc::new(AtomicBool::new(false));
        self.queue(Box::new(Typed {
            operation,
            reply,
            begun: begun.clone(),
        }))?;
        let told = match tokio::time::timeout(PATIENCE, &mut result).await {
            Ok(told) => told,
            // Whoever sets it first has the read: a thread to do it, or its caller to give it up.
            Err(_) if !begun.swap(true, Ordering::AcqRel) => return Err(StoreError::Busy),
            Err(_) => result.await,
        };
        told.map_err(|_| StoreError::Closed)?
    }

    fn queue(&self, read: Box<dyn Read>) -> Result<(), StoreError> {
        let mut queue = self.desk.queue();
        if queue.is_closed {
            return Err(StoreError::Closed);
        }
        if queue.waiting.len() >= WAITING {
            return Err(StoreError::Busy);
        }
        // Those that sleep may be woken already, for what waits: only one more than that is free for this read.
        if queue.waiting.len() >= queue.asleep && queue.threads < READERS {
            let desk = self.desk.clone();
            let thread = std::thread::Builder::new().name("store-reader".to_owned());
            match thread.spawn(move || work(&desk)) {
                Ok(_) => queue.threads += 1,
                // Whoever reads already goes on to this one.
                Err(_) if queue.threads > 0 => {}
                Err(error) => return Err(error.into()),
            }
        }
        queue.waiting.push_back(read);
        let wakes = queue.asleep > 0;
        drop(queue);
        if wakes {
            self.desk.wake.notify_one();
        }
        Ok(())
    }

    /// Ends the readers: what waits is `Closed`, and the connections close; those in use when they are done.
    pub(crate) fn close(&self) {
        let mut queue = self.desk.queue();
        queue.is_closed = true;
        let given_up = mem::take(&mut queue.waiting);
        self.desk.wake.notify_all();
        while queue.threads > queue.busy {
            queue = wait(&self.desk.ended, queue);
        }
        drop(queue);
        drop(given_up);
    }
}

impl Drop for Readers {
    fn drop(&mut self) {
        self.close();
    }
}

impl Desk {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn wait<'q>(for_: &Condvar, queue: MutexGuard<'q, Queue>) -> MutexGuard<'q, Queue> {
    for_.wait(queue).unwrap_or_else(PoisonError::into_inner)
}

/// A thread's life. A connection that cannot be opened is tried again with the next read.
fn work(desk: &Desk) {
    let mut kept = None;
    let mut queue = desk.queue();
    while !queue.is_closed {
        let Some(read) = queue.waiting.pop_front() else {
            queue.asleep += 1;
            queue = wait(&desk.wake, queue);
            queue.asleep -= 1;
            continue;
        };
        queue.busy += 1;
        drop(queue);
        let conn = kept.take().map_or_else(|| reading(&desk.database), Ok);
        if read.run(conn.as_ref(), &desk.damaged) {
            kept = conn.ok();
        }
        queue = desk.queue();
        queue.busy -= 1;
    }
    drop(queue);
    // The connection is closed when its thread counts as ended.
    drop(kept);
    desk.queue().threads -= 1;
    desk.ended.notify_all();
}

/// A read whose result's type is not known here.
trait Read: Send {
    /// Runs it, unless its caller gave it up, and sends its result; true when the connection may be kept.
    fn run(self: Box<Self>, conn: Result<&Connection, &StoreError>, damaged: &AtomicBool) -> bool;
}

struct Typed<T, F> {
    operation: F,
    reply: oneshot::Sender<Result<T, StoreError>>,
    begun: Arc<AtomicBool>,
}

impl<T, F> Read for Typed<T, F>
where
    T: Send,
    F: FnOnce(&Connection) -> Result<T, StoreError> + Send,
{
    fn run(self: Box<Self>, conn: Result<&Connection, &StoreError>, damaged: &AtomicBool) -> bool {
        let Typed {
            operation,
            reply,
            begun,
        } = *self;
        if reply.is_closed() || begun.swap(true, Ordering::AcqRel) {
            return true;
        }
        let (result, keep) = match conn {
            Ok(conn) => match catch_unwind(AssertUnwindSafe(|| in_one_moment(conn, operation))) {
                Ok(result) => (result, true),
                Err(panic) => (Err(writer::panicked(panic.as_ref())), false),
            },
            Err(error) => (Err(error.another()), false),
        };
        if let Err(error @ StoreError::Corrupt(_)) = &result {
            tracing::error!(%error, "the database is damaged: nothing is written any more");
            damaged.store(true, Ordering::Release);
        }
        // Nobody waits any more: then nobody misses it.
        let _ = reply.send(result);
        keep
    }
}

fn in_one_moment<T>(
    conn: &Connection,
    operation: impl FnOnce(&Connection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    // Prepared once: rusqlite's own transaction has SQLite parse these words for each read.
    sql::run(conn, "BEGIN", [])?;
    let read = operation(conn);
    // What went wrong may have ended it.
    let ended = match conn.is_autocommit() {
        true => Ok(0),
        false => sql::run(conn, "ROLLBACK", []),
    };
    let read = read?;
    ended?;
    Ok(read)
}

/// Opens a connection that only reads.
pub(crate) fn reading(database: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_PRIVATE_CACHE;
    let conn = Connection::open_with_flags(database, flags)?;
    open::careful(&conn)?;
    conn.execute_batch("PRAGMA query_only = ON")?;
    Ok(conn)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    fn readers(folder: &Path) -> Readers {
        let database = folder.join("some.db");
        let conn = Connection::open(&database).unwrap();
        conn.execute_batch(
            "PRAGMA journal_mode = WAL; CREATE TABLE t (n); INSERT INTO t VALUES (7)",
        )
        .unwrap();
        Readers::new(database, Arc::default())
    }

    async fn seven(readers: &Readers) -> Result<i64, StoreError> {
        readers
            .read(|conn| Ok(conn.query_row("SELECT n FROM t", [], |row| row.get(0))?))
            .await
    }

    /// Has a read wait in the queue.
    async fn begin<T>(read: &mut (impl Future<Output = Result<T, StoreError>> + Unpin)) {
        tokio::select! {
            biased;
            _ = read => panic!("it did not wait"),
            () = std::future::ready(()) => {}
        }
    }

    /// Lets every thread read until what is returned is dropped.
    async fn all_busy(readers: &Arc<Readers>) -> Vec<mpsc::Sender<()>> {
        let (began, mut begun) = tokio::sync::mpsc::channel(READERS);
        let mut ends = Vec::new();
        for _ in 0..READERS {
            let (end, ended) = mpsc::channel::<()>();
            ends.push(end);
            let (readers, began) = (readers.clone(), began.clone());
            tokio::spawn(async move {
                let long = move |_: &Connection| {
                    began.blocking_send(()).unwrap();
                    // Its other end is dropped: that is the sign.
                    Ok(ended.recv().is_err())
                };
                readers.read(long).await
            });
            begun.recv().await.unwrap();
        }
        ends
    }

    #[tokio::test]
    async fn who_finds_no_thread_in_time_is_told_that_it_is_busy() {
        let folder = tempfile::tempdir().unwrap();
        let readers = Arc::new(readers(folder.path()));
        let ends = all_busy(&readers).await;
        tokio::time::pause();
        assert!(matches!(seven(&readers).await, Err(StoreError::Busy)));
        tokio::time::resume();
        drop(ends);
        assert_eq!(seven(&readers).await.unwrap(), 7);
    }

    #[tokio::test]
    async fn a_short_read_does_not_wait_behind_a_long_one_while_threads_are_left() {
        let folder = tempfile::tempdir().unwrap();
        let readers = Arc::new(readers(folder.path()));
        assert_eq!(seven(&readers).await.unwrap(), 7);
        while readers.desk.queue().asleep == 0 {
            std::thread::yield_now();
        }
        // Both reads come before the one thread, which sleeps, is awake.
        let (end, ended) = mpsc::channel::<()>();
        let mut long = Box::pin(readers.read(move |_| Ok(ended.recv().is_err())));
        begin(&mut long).await;
        assert_eq!(seven(&readers).await.unwrap(), 7);
        drop(end);
        assert!(long.await.unwrap());
    }

    #[tokio::test]
    async fn a_read_that_was_given_up_before_it_began_is_not_run() {
        let folder = tempfile::tempdir().unwrap();
        let readers = Arc::new(readers(folder.path()));
        let ends = all_busy(&readers).await;
        let ran = Arc::new(AtomicBool::new(false));
        let runs = ran.clone();
        let mut given_up = Box::pin(readers.read(move |_| {
            runs.store(true, Ordering::Release);
            Ok(())
        }));
        begin(&mut given_up).await;
        drop(given_up);
        drop(ends);
        assert_eq!(seven(&readers).await.unwrap(), 7);
        readers.close();
        assert!(!ran.load(Ordering::Acquire));
    }

    #[tokio::test]
    async fn a_read_that_panics_breaks_off_itself_only() {
        let folder = tempfile::tempdir().unwrap();
        let readers = readers(folder.path());
        let broken: Result<(), _> = readers.read(|_| panic!("no such luck")).await;
        let Err(StoreError::Database(why)) = broken else {
            panic!("{broken:?}");
        };
        assert!(why.to_string().contains("no such luck"), "{why}");
        assert_eq!(seven(&readers).await.unwrap(), 7);
    }

    #[tokio::test]
    async fn what_waits_at_the_end_is_told_that_it_is_closed() {
        let folder = tempfile::tempdir().unwrap();
        let readers = Arc::new(readers(folder.path()));
        let ends = all_busy(&readers).await;
        let mut waits = Box::pin(seven(&readers));
        begin(&mut waits).await;
        readers.close();
        assert!(matches!(waits.await, Err(StoreError::Closed)));
        assert!(matches!(seven(&readers).await, Err(StoreError::Closed)));
        drop(ends);
    }
}
