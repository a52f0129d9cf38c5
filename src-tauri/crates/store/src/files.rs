//! Files: originals by content hash under `files/`, outside the database.
//!
//! A file is written aside, synced and renamed, so that a name always has all its bytes. It is removed after the
//! commit that took its last document or conversation away; what a crash leaves behind is swept up by the daily cleaning (`cleanup`).

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, UNIX_EPOCH};

use domain::time::Timestamp;
use rusqlite::Connection;
use sha2::{Digest, Sha256};

use crate::Store;
use crate::error::StoreError;
use crate::open::{private_folder, sync_folder};
use crate::sql;

/// Where files are written before they get their name.
const INCOMING: &str = "incoming";
/// Files that were given up are swept away after so many seconds.
const GIVEN_UP_SECONDS: i64 = 3_600;

/// An original that lies in the files folder. It cannot be removed while this value lives: hold it until
/// the document that refers to it is added.
#[derive(Debug)]
pub struct StoredFile {
    /// SHA-256, 64 lowercase hexadecimal digits.
    pub content_hash: String,
    /// Size in bytes.
    pub size: u64,
    _pin: Pin,
}

impl Store {
    /// Keeps an original: written aside, synced, renamed. The same bytes twice are one file.
    /// `TooLarge` when there are more than `limit` bytes.
    pub async fn put_file(
        &self,
        reader: impl Read + Send + 'static,
        limit: u64,
    ) -> Result<StoredFile, StoreError> {
        let files = self.inner.files.clone();
        let put = tokio::task::spawn_blocking(move || put(&files, reader, limit));
        put.await
            .unwrap_or_else(|error| Err(StoreError::Database(Box::new(error))))
    }

    /// Where an original lies; the caller knows from a document that it exists.
    pub fn file_path(&self, content_hash: &str) -> PathBuf {
        self.inner.files.path(content_hash)
    }
}

fn put(files: &Arc<Files>, reader: impl Read, limit: u64) -> Result<StoredFile, StoreError> {
    let incoming = files.folder.join(INCOMING);
    let mut file = tempfile::NamedTempFile::new_in(&incoming)?;
    let mut reader = reader.take(limit.saturating_add(1));
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 128 * 1024];
    let mut size = 0;
    loop {
        let read = match reader.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(error.into()),
        };
        size += read as u64;
        if size > limit {
            return Err(StoreError::TooLarge);
        }
        hash.update(&buffer[..read]);
        file.write_all(&buffer[..read])?;
    }
    file.as_file().sync_all()?;
    let content_hash = hex::encode(hash.finalize());
    // Pinned before it is looked for: nobody removes it between the look and the document.
    let pin = files.pin(&content_hash);
    let path = files.path(&content_hash);
    let known = fs::metadata(&path).is_ok_and(|known| known.len() == size);
    if !known {
        let folder = path.parent().unwrap_or(&files.folder);
        if !folder.is_dir() {
            private_folder(folder)?;
            sync_folder(&files.folder)?;
        }
        file.persist(&path).map_err(|error| error.error)?;
        sync_folder(folder)?;
    }
    Ok(StoredFile {
        content_hash,
        size,
        _pin: pin,
    })
}

/// The files folder.
#[derive(Debug)]
pub(crate) struct Files {
    folder: PathBuf,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Files that somebody is about to refer to.
    pins: HashMap<String, usize>,
    /// Backups that are being written: nothing is removed meanwhile.
    backups: usize,
    /// What is to be looked at again after the backups.
    postponed: Vec<String>,
}

#[derive(Debug)]
struct Pin {
    files: Arc<Files>,
    content_hash: String,
}

impl Drop for Pin {
    fn drop(&mut self) {
        let mut state = self.files.state();
        if let Some(pins) = state.pins.get_mut(&self.content_hash) {
            *pins -= 1;
            if *pins == 0 {
                state.pins.remove(&self.content_hash);
            }
        }
    }
}

impl Files {
    /// Makes the folder when it is missing.
    pub(crate) fn open(folder: PathBuf) -> Result<Files, StoreError> {
        private_folder(&folder.join(INCOMING))?;
        Ok(Files {
            folder,
            state: Mutex::default(),
        })
    }

    /// Where a file lies.
    pub(crate) fn path(&self, content_hash: &str) -> PathBuf {
        let shelf = content_hash.get(..2).unwrap_or("");
        self.folder.join(shelf).join(content_hash)
    }

    /// Removes a file that nothing of any workspace refers to (no version of a document, nothing that customers
    /// sent) and nobody is about to.
    pub(crate) fn remove_if_loose(
        &self,
        conn: &Connection,
        content_hash: &str,
    ) -> Result<(), StoreError> {
        let mut state = self.state();
        if state.backups > 0 {
            state.postponed.push(content_hash.to_owned());
            return Ok(());
        }
        if state.pins.contains_key(content_hash) || referred(conn, content_hash)? {
            return Ok(());
        }
        match fs::remove_file(self.path(content_hash)) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// Keeps all files until [`Files::let_go`].
    pub(crate) fn hold(&self) {
        self.state().backups += 1;
    }

    /// Ends a hold; says which files are to be looked at now.
    pub(crate) fn let_go(&self) -> Vec<String> {
        let mut state = self.state();
        state.backups = state.backups.saturating_sub(1);
        match state.backups {
            0 => std::mem::take(&mut state.postponed),
            _ => Vec::new(),
        }
    }

    /// Uploads that were given up an hour ago, with their sizes in bytes.
    pub(crate) fn given_up(&self, now: Timestamp) -> Result<Vec<(PathBuf, u64)>, StoreError> {
        let mut given_up = Vec::new();
        for file in files_in(&self.folder.join(INCOMING))? {
            // One that is gone meanwhile was finished.
            let Ok(known) = fs::metadata(&file) else {
                continue;
            };
            let age = known.modified()?.duration_since(UNIX_EPOCH);
            let age = age.unwrap_or(Duration::ZERO).as_micros();
            let written = Timestamp(i64::try_from(age).unwrap_or(i64::MAX));
            if written.plus_seconds(GIVEN_UP_SECONDS) < now {
                given_up.push((file, known.len()));
            }
        }
        Ok(given_up)
    }

    /// Files that are none of these, with their sizes in bytes. What is being taken in is not seen apart: remove
    /// with [`Files::remove_if_loose`].
    pub(crate) fn others_than(
        &self,
        referred: &BTreeSet<String>,
    ) -> Result<Vec<(String, u64)>, StoreError> {
        let mut others = Vec::new();
        for shelf in fs::read_dir(&self.folder)? {
            let shelf = shelf?;
            if !shelf.file_type()?.is_dir() || shelf.file_name() == INCOMING {
                continue;
            }
            for file in files_in(&shelf.path())? {
                let name = file.file_name().and_then(|name| name.to_str());
                let Some(name) = name.filter(|name| !referred.contains(*name)) else {
                    continue;
                };
                if let Ok(known) = fs::metadata(&file) {
                    others.push((name.to_owned(), known.len()));
                }
            }
        }
        Ok(others)
    }

    fn pin(self: &Arc<Files>, content_hash: &str) -> Pin {
        let mut state = self.state();
        *state.pins.entry(content_hash.to_owned()).or_insert(0) += 1;
        Pin {
            files: self.clone(),
            content_hash: content_hash.to_owned(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn referred(conn: &Connection, content_hash: &str) -> Result<bool, StoreError> {
    sql::any(
        conn,
        "SELECT 1 FROM documents WHERE content_hash = ?1
         UNION ALL SELECT 1 FROM document_versions WHERE content_hash = ?1
         UNION ALL SELECT 1 FROM attachments WHERE content_hash = ?1 AND content_hash <> ''",
        [content_hash],
    )
}

/// Every file that something refers to, once.
pub(crate) const REFERRED: &str = "SELECT content_hash FROM documents
    UNION SELECT content_hash FROM document_versions
    UNION SELECT content_hash FROM attachments WHERE content_hash <> ''
    ORDER BY 1";

fn files_in(folder: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            files.push(entry.path());
        }
    }
    Ok(files)
}
