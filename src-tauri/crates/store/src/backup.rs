//! Backups: one file with the database, the originals and a manifest.
//!
//! The file is a zip: `chatai.db`, `files/<sha256>` and `manifest.json`. It is written aside, read through again
//! and only then gets its name. Secrets are in it as they lie in the database, sealed; the master key never is.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use domain::time::Timestamp;
use rusqlite::Connection;
use rusqlite::backup::Backup;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use crate::audit::Anchor;
use crate::error::StoreError;
use crate::files::{Files, REFERRED};
use crate::open::{careful, private_file, private_folder, sync_folder};
use crate::{DATABASE, Store, audit, migrate, readers, sql};

/// What a backup has, as written in it (`manifest.json`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of the program that wrote it.
    pub app_version: String,
    /// Schema of its database.
    pub schema: u32,
    /// When it was made.
    pub made_at: Timestamp,
    /// Rows of each table, by name.
    pub rows: BTreeMap<String, u64>,
    /// SHA-256 of each entry, by its name in the file.
    pub sha256: BTreeMap<String, String>,
    /// Originals that a document refers to but that were missing or damaged when the backup was made.
    pub missing: Vec<String>,
    /// What the audit log of each workspace ended with, by workspace.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub audit: BTreeMap<String, Anchor>,
}

/// A finished backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupReport {
    /// Where it lies.
    pub path: PathBuf,
    /// Its size in bytes.
    pub bytes: u64,
    /// What is in it.
    pub manifest: Manifest,
    /// Milliseconds it took.
    pub took_ms: u64,
}

/// A backup file in the backups folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupFile {
    /// Where it lies.
    pub path: PathBuf,
    /// Its size in bytes.
    pub bytes: u64,
    /// When it was made, as written in it.
    pub made_at: Timestamp,
}

/// How backup files end.
pub const EXTENSION: &str = "chatai-backup";

impl Store {
    /// Writes a backup to `to` while everything goes on: one moment of the database and all originals of
    /// that moment, verified before it gets its name. Holds secrets sealed and never the master key.
    pub async fn backup(&self, to: &Path, now: Timestamp) -> Result<BackupReport, StoreError> {
        let (store, to) = (self.clone(), to.to_owned());
        // A task of its own: whoever asked may go away, the originals are let go all the same.
        let backing_up = tokio::spawn(async move { store.hold_and_write(to, now).await });
        backing_up
            .await
            .unwrap_or_else(|error| Err(StoreError::Database(Box::new(error))))
    }

    /// The backups in the backups folder, newest first; files that are no backups are left out.
    pub async fn backups(&self) -> Result<Vec<BackupFile>, StoreError> {
        let folder = self.backups_folder();
        let listed = tokio::task::spawn_blocking(move || list(&folder));
        listed
            .await
            .unwrap_or_else(|error| Err(StoreError::Database(Box::new(error))))
    }

    /// Removes a backup; one that is gone already is no error. `Conflict` for a file that does not lie in the
    /// backups folder.
    pub async fn remove_backup(&self, path: &Path) -> Result<(), StoreError> {
        if path.parent() != Some(self.backups_folder().as_path()) {
            return Err(StoreError::Conflict);
        }
        match tokio::fs::remove_file(path).await {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// Reads a backup through and says what is in it; `BadBackup` when anything is amiss, `Newer` when a
    /// newer version wrote it. Blocking.
    pub fn verify_backup(from: &Path) -> Result<Manifest, StoreError> {
        let folder = tempfile::tempdir()?;
        let manifest = read_through(from, Some(folder.path()))?;
        check_database(&folder.path().join(DATABASE), &manifest)?;
        Ok(manifest)
    }

    async fn hold_and_write(
        &self,
        to: PathBuf,
        now: Timestamp,
    ) -> Result<BackupReport, StoreError> {
        let database = self.inner.data.join(DATABASE);
        let files = self.inner.files.clone();
        // Held before the moment of the snapshot: what it refers to stays until it is copied.
        files.hold();
        let written = tokio::task::spawn_blocking(move || write(&database, &files, &to, now));
        let written = written
            .await
            .unwrap_or_else(|error| Err(StoreError::Database(Box::new(error))));
        let postponed = self.inner.files.let_go();
        if !postponed.is_empty() {
            let look_again = self.write(move |tx| {
                tx.after.loose_files.extend(postponed);
                Ok(())
            });
            if let Err(error) = look_again.await {
                tracing::warn!(%error, "originals without a document stay until the daily cleaning");
            }
        }
        written
    }
}

/// The manifest's name in the file.
const MANIFEST: &str = "manifest.json";
/// The longest manifest that is read, in bytes.
const LONGEST_MANIFEST: u64 = 256 * 1024 * 1024;

fn write(
    database: &Path,
    files: &Files,
    to: &Path,
    now: Timestamp,
) -> Result<BackupReport, StoreError> {
    let begun = Instant::now();
    let folder = match to.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    if !folder.is_dir() {
        private_folder(folder)?;
    }
    let aside = tempfile::Builder::new()
        .prefix(".backup-")
        .tempdir_in(folder)?;
    let copy = aside.path().join(DATABASE);
    let Snapshot {
        schema,
        rows,
        originals,
        audit,
    } = snapshot(database, &copy)?;

    let part = aside.path().join("part");
    let out = private_file()
        .create_new(true)
        .read(true)
        .write(true)
        .open(&part)?;
    let mut manifest = Manifest {
        app_version: env!("CARGO_PKG_VERSION").to_owned(),
        schema,
        made_at: now,
        rows,
        sha256: BTreeMap::new(),
        missing: Vec::new(),
        audit,
    };
    let mut zip = ZipWriter::new(out);
    let packed = SimpleFileOptions::default()
        .large_file(true)
        .compression_method(CompressionMethod::Deflated);
    // Most originals are packed already: trying again costs time and saves nothing.
    let stored = packed.compression_method(CompressionMethod::Stored);
    zip.start_file(DATABASE, packed).map_err(unzipped)?;
    let hash = copy_hashed(File::open(&copy)?, &mut zip)?;
    manifest.sha256.insert(DATABASE.to_owned(), hash);
    for content_hash in originals {
        if !is_whole(&files.path(&content_hash), &content_hash) {
            tracing::warn!("an original is missing or damaged: the backup is made without it");
            manifest.missing.push(content_hash);
            continue;
        }
        let name = format!("files/{content_hash}");
        zip.start_file(&name, stored).map_err(unzipped)?;
        let hash = copy_hashed(File::open(files.path(&content_hash))?, &mut zip)?;
        manifest.sha256.insert(name, hash);
    }
    zip.start_file(MANIFEST, packed).map_err(unzipped)?;
    serde_json::to_writer_pretty(&mut zip, &manifest)?;
    zip.finish().map_err(unzipped)?.sync_all()?;

    if read_through(&part, None)? != manifest {
        return Err(StoreError::BadBackup("it reads back otherwise".to_owned()));
    }
    fs::rename(&part, to)?;
    sync_folder(folder)?;
    Ok(BackupReport {
        path: to.to_owned(),
        bytes: fs::metadata(to)?.len(),
        manifest,
        took_ms: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
    })
}

type Rows = BTreeMap<String, u64>;

/// What is in a database.
struct Snapshot {
    schema: u32,
    rows: Rows,
    /// The originals it refers to.
    originals: Vec<String>,
    /// What its audit logs end with.
    audit: BTreeMap<String, Anchor>,
}

/// One moment of the database as one verified file.
fn snapshot(database: &Path, copy: &Path) -> Result<Snapshot, StoreError> {
    // A reader of its own: it sees one moment and keeps nobody from writing. One step, because smaller ones
    // begin anew whenever somebody writes.
    let from = readers::reading(database)?;
    let mut to = Connection::open(copy)?;
    careful(&to)?;
    Backup::new(&from, &mut to)?.run_to_completion(i32::MAX, Duration::ZERO, None)?;
    to.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))?;
    look_through(&to)?;
    let schema = to.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let originals = sql::many(&to, REFERRED, [], |row| Ok(row.get(0)?))?;
    let rows = rows_of(&to)?;
    let audit = audit::ends(&to)?;
    to.close().map_err(|(_, error)| error)?;
    Ok(Snapshot {
        schema,
        rows,
        originals,
        audit,
    })
}

/// `Corrupt` when SQLite finds damage or a row that refers to nothing.
pub(crate) fn look_through(conn: &Connection) -> Result<(), StoreError> {
    let verdict: String = conn.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if verdict != "ok" {
        return Err(StoreError::Corrupt(verdict));
    }
    if sql::any(conn, "PRAGMA foreign_key_check", [])? {
        return Err(StoreError::Corrupt("a row refers to nothing".to_owned()));
    }
    Ok(())
}

pub(crate) fn rows_of(conn: &Connection) -> Result<Rows, StoreError> {
    let tables: Vec<String> = sql::many(
        conn,
        "SELECT name FROM sqlite_schema
         WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
        [],
        |row| Ok(row.get(0)?),
    )?;
    let mut rows = Rows::new();
    for table in tables {
        let count = sql::the(
            conn,
            &format!("SELECT count(*) FROM \"{table}\""),
            [],
            |row| sql::count_at(row, 0),
        )?;
        rows.insert(table, count);
    }
    Ok(rows)
}

/// Holds a database that came out of a backup against its manifest.
pub(crate) fn check_database(database: &Path, manifest: &Manifest) -> Result<(), StoreError> {
    let conn = Connection::open(database)?;
    careful(&conn)?;
    let looked = look_through(&conn);
    looked.map_err(|error| StoreError::BadBackup(error.to_string()))?;
    let schema: u32 = conn.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if schema != manifest.schema || rows_of(&conn)? != manifest.rows {
        let what = "the database is not the one of the manifest".to_owned();
        return Err(StoreError::BadBackup(what));
    }
    Ok(())
}

/// Reads every entry, holds it against the manifest, and writes it into `to` where that is given: the database
/// and the files folder as they lie in a data folder.
pub(crate) fn read_through(from: &Path, to: Option<&Path>) -> Result<Manifest, StoreError> {
    let mut zip = ZipArchive::new(BufReader::new(File::open(from)?)).map_err(unzipped)?;
    let manifest = manifest_of(&mut zip)?;
    if manifest.schema > migrate::known() {
        return Err(StoreError::Newer {
            found: manifest.schema,
            known: migrate::known(),
        });
    }
    if zip.len() != manifest.sha256.len() + 1 || !manifest.sha256.contains_key(DATABASE) {
        let what = "it has other entries than its manifest".to_owned();
        return Err(StoreError::BadBackup(what));
    }
    for (name, expected) in &manifest.sha256 {
        let place = place_of(name)?;
        let entry = zip.by_name(name).map_err(unzipped)?;
        let hash = match to {
            Some(to) => {
                let path = to.join(place);
                if let Some(shelf) = path.parent() {
                    private_folder(shelf)?;
                }
                let mut out = private_file().create_new(true).write(true).open(&path)?;
                let hash = copy_hashed(entry, &mut out)?;
                out.sync_all()?;
                hash
            }
            None => copy_hashed(entry, &mut io::sink())?,
        };
        let named_by_content = name.strip_prefix("files/").is_none_or(|name| name == hash);
        if hash != *expected || !named_by_content {
            return Err(StoreError::BadBackup(format!(
                "the entry {name} is damaged"
            )));
        }
    }
    Ok(manifest)
}

fn manifest_of(zip: &mut ZipArchive<BufReader<File>>) -> Result<Manifest, StoreError> {
    let mut text = String::new();
    zip.by_name(MANIFEST)
        .map_err(unzipped)?
        .take(LONGEST_MANIFEST)
        .read_to_string(&mut text)
        .map_err(|error| StoreError::BadBackup(error.to_string()))?;
    serde_json::from_str(&text).map_err(|error| StoreError::BadBackup(error.to_string()))
}

/// Where an entry belongs in a data folder. Only the names that backups have are taken.
fn place_of(name: &str) -> Result<PathBuf, StoreError> {
    if name == DATABASE {
        return Ok(PathBuf::from(DATABASE));
    }
    let hash = name.strip_prefix("files/").filter(|hash| {
        hash.len() == 64 && hash.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
    });
    match hash {
        Some(hash) => Ok(Path::new("files").join(&hash[..2]).join(hash)),
        None => Err(StoreError::BadBackup(
            "an entry has a name that no backup gives".to_owned(),
        )),
    }
}

/// The backups in a folder, newest first.
pub(crate) fn list(folder: &Path) -> Result<Vec<BackupFile>, StoreError> {
    let mut backups = Vec::new();
    for (path, manifest) in manifests(folder)? {
        backups.push(BackupFile {
            bytes: fs::metadata(&path)?.len(),
            path,
            made_at: manifest.made_at,
        });
    }
    backups.sort_by_key(|backup| std::cmp::Reverse(backup.made_at));
    Ok(backups)
}

/// What is written in the backups of a folder, in no order; files that are no backups are left out.
pub(crate) fn manifests(folder: &Path) -> Result<Vec<(PathBuf, Manifest)>, StoreError> {
    let mut manifests = Vec::new();
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(manifests),
        Err(error) => return Err(error.into()),
    };
    for entry in entries {
        let path = entry?.path();
        if path
            .extension()
            .is_none_or(|extension| extension != EXTENSION)
        {
            continue;
        }
        let opened = ZipArchive::new(BufReader::new(File::open(&path)?));
        let manifest = opened
            .map_err(unzipped)
            .and_then(|mut zip| manifest_of(&mut zip));
        match manifest {
            Ok(manifest) => manifests.push((path, manifest)),
            Err(error) => tracing::warn!(%error, "a file in the backups folder is no backup"),
        }
    }
    Ok(manifests)
}

/// Copies and says the SHA-256 of what was copied.
fn copy_hashed(mut from: impl Read, to: &mut impl Write) -> Result<String, StoreError> {
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 128 * 1024];
    loop {
        let read = match from.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            // What a zip cannot unpack is damaged; the disk has errors of its own.
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::InvalidData
                        | io::ErrorKind::UnexpectedEof
                        | io::ErrorKind::InvalidInput
                        | io::ErrorKind::Other
                ) =>
            {
                return Err(StoreError::BadBackup(error.to_string()));
            }
            Err(error) => return Err(error.into()),
        };
        hash.update(&buffer[..read]);
        to.write_all(&buffer[..read])?;
    }
    Ok(hex::encode(hash.finalize()))
}

fn is_whole(path: &Path, content_hash: &str) -> bool {
    let hash = File::open(path)
        .map_err(StoreError::from)
        .and_then(|file| copy_hashed(file, &mut io::sink()));
    hash.is_ok_and(|hash| hash == content_hash)
}

fn unzipped(error: zip::result::ZipError) -> StoreError {
    match error {
        zip::result::ZipError::Io(error) => match StoreError::from(error) {
            StoreError::Full => StoreError::Full,
            other => StoreError::BadBackup(other.to_string()),
        },
        other => StoreError::BadBackup(other.to_string()),
    }
}
