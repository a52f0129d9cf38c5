//! What can go wrong in the index, by what there is to do about it.

use std::io;
use std::sync::Arc;

use tantivy::TantivyError;
use tantivy::directory::error::{LockError, OpenDirectoryError, OpenReadError, OpenWriteError};

/// Why the index could not do it.
#[derive(Debug, Clone, thiserror::Error)]
pub enum SearchError {
    /// Another process writes to this index.
    #[error("the index is locked by another process")]
    Locked,
    /// Files of the index are broken: close it, delete or set aside the folder, open and fill it again.
    #[error("the index is damaged: {0}")]
    Damaged(String),
    /// The disk or its permissions: nothing is wrong with the index, try again later.
    #[error("the disk failed the index")]
    Io(#[source] Arc<io::Error>),
    /// A vector has another length than those in the index: they are of different embedders.
    #[error("a vector of {found} numbers among vectors of {expected}")]
    Dimensions {
        /// Length of the vectors in the index.
        expected: usize,
        /// Length of the one given.
        found: usize,
    },
    /// A thread that writes the index ended: most likely the disk failed it. What was committed is whole.
    #[error("the writer of the index stopped, most likely because of the disk")]
    Stopped,
    /// The search engine refused for a reason of its own.
    #[error("the search engine failed")]
    Engine(#[source] Arc<TantivyError>),
}

impl From<io::Error> for SearchError {
    fn from(error: io::Error) -> SearchError {
        SearchError::from_io(Arc::new(error))
    }
}

impl SearchError {
    fn from_io(error: Arc<io::Error>) -> SearchError {
        match error.kind() {
            io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => {
                SearchError::Damaged(error.to_string())
            }
            _ => SearchError::Io(error),
        }
    }
}

impl From<TantivyError> for SearchError {
    fn from(error: TantivyError) -> SearchError {
        match error {
            TantivyError::LockFailure(LockError::LockBusy, _) => SearchError::Locked,
            TantivyError::LockFailure(LockError::IoError(error), _)
            | TantivyError::IoError(error)
            | TantivyError::OpenDirectoryError(OpenDirectoryError::IoError {
                io_error: error,
                ..
            })
            | TantivyError::OpenReadError(OpenReadError::IoError {
                io_error: error, ..
            })
            | TantivyError::OpenWriteError(OpenWriteError::IoError {
                io_error: error, ..
            }) => SearchError::from_io(error),
            TantivyError::OpenDirectoryError(error) => {
                SearchError::Io(Arc::new(io::Error::other(error)))
            }
            TantivyError::OpenReadError(error) => SearchError::Damaged(error.to_string()),
            TantivyError::DataCorruption(error) => SearchError::Damaged(format!("{error:?}")),
            TantivyError::SchemaError(error) | TantivyError::FieldNotFound(error) => {
                SearchError::Damaged(error)
            }
            TantivyError::IncompatibleIndex(error) => SearchError::Damaged(format!("{error:?}")),
            TantivyError::ErrorInThread(_) => SearchError::Stopped,
            error => SearchError::Engine(Arc::new(error)),
        }
    }
}
