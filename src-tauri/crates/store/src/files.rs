//! Files: originals by content hash under `files/`, outside the database.

use std::io::Read;
use std::path::PathBuf;

use crate::Store;
use crate::error::StoreError;

/// An original that lies in the files folder. It cannot be removed while this value lives: hold it until
/// the document that refers to it is added.
#[derive(Debug)]
pub struct StoredFile {
    /// SHA-256, 64 lowercase hexadecimal digits.
    pub content_hash: String,
    /// Size in bytes.
    pub size: u64,
}

impl Store {
    /// Keeps an original: written aside, synced, renamed. The same bytes twice are one file. `Full` when
    /// there are more than `limit` bytes is not said here: reading stops with `Conflict` then.
    pub async fn put_file(
        &self,
        reader: impl Read + Send + 'static,
        limit: u64,
    ) -> Result<StoredFile, StoreError> {
        crate::soon()
    }

    /// Where an original lies; the caller knows that it exists from a document.
    pub fn file_path(&self, content_hash: &str) -> PathBuf {
        PathBuf::new()
    }
}
