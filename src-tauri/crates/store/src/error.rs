//! Why an operation of the store did not happen. Every error means: nothing of the operation was kept.

use std::io;

use rusqlite::ErrorCode;

/// Why an operation did not happen. Nothing of it was kept.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No such row in this workspace; a row of another workspace is no row at all.
    #[error("no such row")]
    NotFound,
    /// Somebody was faster, or the rules forbid it (another version, the last assistant, a second owner).
    #[error("in conflict with what is stored")]
    Conflict,
    /// The job is not held by this lease any more.
    #[error("the lease is not held any more")]
    Fenced,
    /// Too many operations wait already: try again in a moment.
    #[error("too many operations wait")]
    Busy,
    /// The disk is full.
    #[error("the disk is full")]
    Full,
    /// The database file is damaged: nothing is written any more until a backup is restored.
    #[error("the database is damaged: {0}")]
    Corrupt(String),
    /// The data was written by a newer version; nothing was changed.
    #[error("the data has schema {found}, this version knows {known}")]
    Newer {
        /// Schema of the data.
        found: u32,
        /// Newest schema this version knows.
        known: u32,
    },
    /// Another running instance holds the data folder.
    #[error("the data folder is in use by process {pid}")]
    Locked {
        /// Its process id; 0 when it could not be read.
        pid: u32,
    },
    /// A secret was sealed with a key that is not here, or its row was changed.
    #[error("the secret cannot be opened")]
    Secret,
    /// What was entered is no recovery code: a character is missing, wrong, or too much.
    #[error("this is not a recovery code as they are written")]
    BadCode,
    /// A recovery code, but not the one of this data.
    #[error("the recovery code is not the one of this data")]
    WrongCode,
    /// More bytes than the given limit.
    #[error("larger than the limit")]
    TooLarge,
    /// A backup file that is not whole, or not a backup.
    #[error("not a whole backup: {0}")]
    BadBackup(String),
    /// A row that this version cannot read.
    #[error("a row cannot be read: {0}")]
    Unreadable(String),
    /// The store was closed.
    #[error("the store is closed")]
    Closed,
    /// Reading or writing failed.
    #[error("reading or writing failed")]
    Io(#[source] io::Error),
    /// SQLite refused, for a reason that has no name of its own here.
    #[error("the database refused")]
    Database(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl StoreError {
    /// The same error once more, for each of several callers whom it met together.
    pub(crate) fn another(&self) -> StoreError {
        match self {
            StoreError::Full => StoreError::Full,
            StoreError::Busy => StoreError::Busy,
            StoreError::Corrupt(what) => StoreError::Corrupt(what.clone()),
            StoreError::Io(error) => {
                StoreError::Io(io::Error::new(error.kind(), error.to_string()))
            }
            other => StoreError::Database(other.to_string().into()),
        }
    }
}

impl From<io::Error> for StoreError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StoreError::Full,
            _ => StoreError::Io(error),
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        let code = match &error {
            rusqlite::Error::QueryReturnedNoRows => return StoreError::NotFound,
            rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::InvalidColumnType(..)
            | rusqlite::Error::IntegralValueOutOfRange(..) => {
                return StoreError::Unreadable(error.to_string());
            }
            rusqlite::Error::SqliteFailure(code, _) => *code,
            _ => return StoreError::Database(Box::new(error)),
        };
        match code.code {
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => {
                StoreError::Corrupt(error.to_string())
            }
            ErrorCode::DiskFull => StoreError::Full,
            // The shared memory of the log has no room: in all likelihood the disk is full.
            ErrorCode::SystemIoFailure
                if code.extended_code == rusqlite::ffi::SQLITE_IOERR_SHMSIZE =>
            {
                StoreError::Full
            }
            ErrorCode::OperationInterrupted => StoreError::Closed,
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => StoreError::Busy,
            ErrorCode::SystemIoFailure | ErrorCode::CannotOpen | ErrorCode::ReadOnly => {
                StoreError::Io(io::Error::other(error))
            }
            // Keys carry the workspace: what a foreign key misses is not in this workspace.
            ErrorCode::ConstraintViolation
                if code.extended_code == rusqlite::ffi::SQLITE_CONSTRAINT_FOREIGNKEY =>
            {
                StoreError::NotFound
            }
            ErrorCode::ConstraintViolation
                if matches!(
                    code.extended_code,
                    rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE
                        | rusqlite::ffi::SQLITE_CONSTRAINT_PRIMARYKEY
                ) =>
            {
                StoreError::Conflict
            }
            _ => StoreError::Database(Box::new(error)),
        }
    }
}

impl From<serde_json::Error> for StoreError {
    fn from(error: serde_json::Error) -> Self {
        StoreError::Unreadable(error.to_string())
    }
}
