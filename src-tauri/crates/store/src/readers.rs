//! The readers: a few read-only connections on blocking threads. Full is `Busy`.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use tokio::sync::Semaphore;

use crate::error::StoreError;
use crate::open;

/// Connections that read at the same time.
const READERS: usize = 4;
/// How long a caller waits for one.
const PATIENCE: Duration = Duration::from_secs(5);

/// The pool.
pub(crate) struct Readers {
    room: Arc<Semaphore>,
    inner: Arc<Pool>,
}

struct Pool {
    database: PathBuf,
    idle: Mutex<Vec<Connection>>,
    closed: AtomicBool,
    damaged: Arc<AtomicBool>,
}

impl Readers {
    /// A pool that opens its connections when they are wanted.
    pub(crate) fn new(database: PathBuf, damaged: Arc<AtomicBool>) -> Readers {
        Readers {
            room: Arc::new(Semaphore::new(READERS)),
            inner: Arc::new(Pool {
                database,
                idle: Mutex::new(Vec::new()),
                closed: AtomicBool::new(false),
                damaged,
            }),
        }
    }

    /// Reads one moment of the database.
    pub(crate) async fn read<T, F>(&self, operation: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        let place = tokio::time::timeout(PATIENCE, self.room.clone().acquire_owned())
            .await
            .map_err(|_| StoreError::Busy)?
            .map_err(|_| StoreError::Closed)?;
        let pool = self.inner.clone();
        let read = tokio::task::spawn_blocking(move || {
            let result = pool.read(operation);
            drop(place);
            result
        });
        read.await
            .unwrap_or_else(|error| Err(StoreError::Database(Box::new(error))))
    }

    /// Closes the connections; those in use close when they are done.
    pub(crate) fn close(&self) {
        self.room.close();
        self.inner.closed.store(true, Ordering::Release);
        self.inner.idle().clear();
    }
}

impl Pool {
    fn read<T>(
        &self,
        operation: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let idle = self.idle().pop();
        let conn = match idle {
            Some(conn) => conn,
            None => reading(&self.database)?,
        };
        let result = conn
            .unchecked_transaction()
            .map_err(StoreError::from)
            .and_then(|moment| operation(&moment));
        if let Err(error @ StoreError::Corrupt(_)) = &result {
            tracing::error!(%error, "the database is damaged: nothing is written any more");
            self.damaged.store(true, Ordering::Release);
        }
        if !self.closed.load(Ordering::Acquire) {
            self.idle().push(conn);
        }
        result
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Opens a connection that only reads.
pub(crate) fn reading(database: &std::path::Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_PRIVATE_CACHE;
    let conn = Connection::open_with_flags(database, flags)?;
    open::careful(&conn)?;
    conn.execute_batch("PRAGMA query_only = ON")?;
    Ok(conn)
}
