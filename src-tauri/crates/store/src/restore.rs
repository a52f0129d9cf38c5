//! Restoring a backup: everything is verified first, the old data is set aside, never deleted.
//!
//! The backup is unpacked beside the data; a marker then says that the swap has begun. From the marker on every
//! start rolls forward, before it nothing of the data was touched. A copy that was made before a migration
//! (`before-schema-….db`) is restored likewise; the originals stay where they are then.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use domain::member::Role;
use domain::time::Timestamp;
use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};

use crate::backup::{self, Manifest, check_database, look_through, read_through};
use crate::error::StoreError;
use crate::master::MasterKey;
use crate::open::{careful, private_file, private_folder, sync_folder};
use crate::recovery::RecoveryCode;
use crate::seal::Keys;
use crate::{DATABASE, Store, lock, migrate, readers, recovery, secrets, sql};

/// A finished restore.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestoreReport {
    /// The backup.
    pub from: PathBuf,
    /// What was in the backup.
    pub manifest: Manifest,
    /// Where the data of before lies now; `None` when there was none.
    pub set_aside: Option<PathBuf>,
    /// Names of the secrets that this computer cannot open: to be entered again. Empty when nobody looked.
    pub closed: Vec<String>,
    /// What the data of before had and the backup has not; `None` when there was none, or nothing of it could
    /// be read.
    pub lost: Option<Lost>,
    /// Newer backups that were passed over, and why.
    pub passed_over: Vec<(PathBuf, String)>,
}

/// What came after a backup, as far as it can be told of a database that may be damaged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lost {
    /// When the last change was made.
    pub last_change: Option<Timestamp>,
    /// Rows of before less rows of the backup, by table; a table that cannot be counted is left out.
    pub rows: BTreeMap<String, i64>,
}

impl Store {
    /// Puts a backup in the place of what is in the data folder; everybody has to sign in again. Blocking;
    /// nobody may have the folder open (`Locked`). A crash on the way leaves the old data or the new, never
    /// between: the next opening finishes what was begun.
    pub fn restore(data: &Path, from: &Path, now: Timestamp) -> Result<RestoreReport, StoreError> {
        restore_one(data, from, now, nothing_opened)
    }

    /// The same, and the backup's secrets are opened for this computer. `BadCode` and `WrongCode` before
    /// anything was changed.
    pub fn restore_opening(
        data: &Path,
        from: &Path,
        opening: &Opening,
        now: Timestamp,
    ) -> Result<RestoreReport, StoreError> {
        restore_one(data, from, now, |conn| open_up(conn, data, opening, now))
    }

    /// [`Store::restore`] with the newest backup of the backups folder that is whole and that this version can
    /// read. `BadBackup` when there is none.
    pub fn restore_latest(data: &Path, now: Timestamp) -> Result<RestoreReport, StoreError> {
        restore_newest(data, now, nothing_opened)
    }

    /// The same, and the backup's secrets are opened for this computer. `BadCode` and `WrongCode` before
    /// anything was changed.
    pub fn restore_latest_opening(
        data: &Path,
        opening: &Opening,
        now: Timestamp,
    ) -> Result<RestoreReport, StoreError> {
        restore_newest(data, now, |conn| open_up(conn, data, opening, now))
    }

    /// Makes a restore ready while the store is open: the backup is unpacked and verified beside the data, and the
    /// next opening of the folder puts it in place. Close and open again soon: what is written until then is set
    /// aside with the old data. `Conflict` when one is ready already.
    pub async fn stage_restore(
        &self,
        from: &Path,
        opening: Opening,
        now: Timestamp,
    ) -> Result<RestoreReport, StoreError> {
        let (data, from) = (self.inner.data.clone(), from.to_owned());
        let staging = tokio::task::spawn_blocking(move || {
            if data.join(MARKER).exists() {
                return Err(StoreError::Conflict);
            }
            finish(&data)?;
            let staged = stage(&data, &from, |conn| open_up(conn, &data, &opening, now))?;
            begin_swap(&data, &from, staged, now)
        });
        staging
            .await
            .unwrap_or_else(|error| Err(StoreError::Database(Box::new(error))))
    }
}

fn restore_one(
    data: &Path,
    from: &Path,
    now: Timestamp,
    prepare: impl Fn(&Connection) -> Result<Vec<String>, StoreError>,
) -> Result<RestoreReport, StoreError> {
    private_folder(data)?;
    let _lock = lock::take(data)?;
    finish(data)?;
    let staged = stage(data, from, &prepare)?;
    swap_in(data, from, staged, now)
}

fn restore_newest(
    data: &Path,
    now: Timestamp,
    prepare: impl Fn(&Connection) -> Result<Vec<String>, StoreError>,
) -> Result<RestoreReport, StoreError> {
    private_folder(data)?;
    let _lock = lock::take(data)?;
    finish(data)?;
    let mut passed_over = Vec::new();
    for from in newest_first(&data.join("backups"))? {
        match stage(data, &from, &prepare) {
            Ok(staged) => {
                let report = swap_in(data, &from, staged, now)?;
                return Ok(RestoreReport {
                    passed_over,
                    ..report
                });
            }
            Err(
                error @ (StoreError::BadBackup(_)
                | StoreError::Newer { .. }
                | StoreError::Corrupt(_)
                | StoreError::Unreadable(_)),
            ) => passed_over.push((from, error.to_string())),
            Err(error) => return Err(error),
        }
    }
    Err(StoreError::BadBackup(match passed_over.len() {
        0 => "there is no backup in the backups folder".to_owned(),
        many => format!("none of the {many} in the backups folder is"),
    }))
}

/// Leaves the secrets of a backup as they are, unlooked at.
fn nothing_opened(_: &Connection) -> Result<Vec<String>, StoreError> {
    Ok(Vec::new())
}

/// How the secrets of a backup are opened, and who may come in first.
#[derive(Debug, Clone)]
pub struct Opening {
    /// Where this computer's master key lies.
    pub master_key: MasterKey,
    /// The recovery code, where it is known.
    pub code: Option<RecoveryCode>,
    /// SHA-256 of a token that signs the backup's owner in once, and until when.
    pub entry: Option<([u8; 32], Timestamp)>,
}

/// Opens the staged database's secrets for this computer; the names of those that stay closed.
fn open_up(
    conn: &Connection,
    data: &Path,
    opening: &Opening,
    now: Timestamp,
) -> Result<Vec<String>, StoreError> {
    let keys = Keys::load(conn, &opening.master_key, data)?;
    if let Some(code) = &opening.code {
        recovery::open_closed(conn, &keys, code, now)?;
    }
    if let Some((token_hash, until)) = opening.entry {
        sql::run(
            conn,
            "INSERT INTO entry_tokens (token_hash, workspace_id, member_id, expires_at)
             SELECT ?1, workspace_id, id, ?3 FROM members WHERE role = ?2 ORDER BY created_at, id LIMIT 1",
            params![token_hash, sql::word(&Role::Owner)?, until.0],
        )?;
    }
    let closed = secrets::closed(conn, &keys)?.into_iter();
    Ok(closed.map(|(_, name)| name).collect())
}

/// Backups and copies that were made before a migration.
fn newest_first(backups: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let mut found: Vec<(Timestamp, PathBuf)> = backup::list(backups)?
        .into_iter()
        .map(|file| (file.made_at, file.path))
        .collect();
    if backups.is_dir() {
        for entry in fs::read_dir(backups)? {
            let path = entry?.path();
            found.extend(migrate::copied_at(&path).map(|at| (at, path)));
        }
    }
    found.sort_by_key(|(made_at, _)| std::cmp::Reverse(*made_at));
    Ok(found.into_iter().map(|(_, path)| path).collect())
}

/// A backup that lies unpacked beside the data.
struct Staged {
    manifest: Manifest,
    /// See [`RestoreReport::closed`].
    closed: Vec<String>,
}

/// Puts what was unpacked in the place of the data.
fn swap_in(
    data: &Path,
    from: &Path,
    staged: Staged,
    now: Timestamp,
) -> Result<RestoreReport, StoreError> {
    let mut report = begin_swap(data, from, staged, now)?;
    finish(data)?;
    report.set_aside = report.set_aside.filter(|aside| aside.is_dir());
    Ok(report)
}

/// Says that the swap has begun; the report says where the old data will lie.
fn begin_swap(
    data: &Path,
    from: &Path,
    staged: Staged,
    now: Timestamp,
) -> Result<RestoreReport, StoreError> {
    let Staged { manifest, closed } = staged;
    let lost = lost(&data.join(DATABASE), &manifest);
    let set_aside = format!("before-restore-{}", now.0);
    let aside = data.join(&set_aside);
    mark(data, &Marker { set_aside })?;
    Ok(RestoreReport {
        from: from.to_owned(),
        manifest,
        set_aside: Some(aside),
        closed,
        lost,
        passed_over: Vec::new(),
    })
}

/// What a database has that a backup has not. Whatever cannot be read is left out.
fn lost(database: &Path, manifest: &Manifest) -> Option<Lost> {
    if !database.exists() {
        return None;
    }
    let conn = readers::reading(database).ok()?;
    let mut rows = BTreeMap::new();
    for (table, kept) in &manifest.rows {
        // A table that is new since the backup is not there to be compared with.
        let query = format!("SELECT count(*) FROM \"{table}\"");
        if let Ok(had) = conn.query_row(&query, [], |row| row.get::<_, i64>(0)) {
            rows.insert(table.clone(), had - kept.cast_signed());
        }
    }
    let last_change = conn
        .query_row(
            "SELECT at FROM events ORDER BY at DESC LIMIT 1",
            [],
            |row| row.get(0),
        )
        .ok()
        .map(Timestamp);
    let is_readable = last_change.is_some() || !rows.is_empty();
    is_readable.then_some(Lost { last_change, rows })
}

/// Where a backup is unpacked.
const STAGE: &str = "restore.part";
/// Says that the swap has begun.
const MARKER: &str = "restore.json";

#[derive(Serialize, Deserialize)]
struct Marker {
    set_aside: String,
}

/// What a restore replaces, in the order of the swap; whatever the backup lacks is only set aside.
const REPLACED: [&str; 5] = ["chatai.db-wal", "chatai.db-shm", DATABASE, "files", "index"];

/// Unpacks and verifies a backup beside the data, and prepares its database; `prepare` says which secrets stay
/// closed.
fn stage(
    data: &Path,
    from: &Path,
    prepare: impl FnOnce(&Connection) -> Result<Vec<String>, StoreError>,
) -> Result<Staged, StoreError> {
    let stage = data.join(STAGE);
    let database = stage.join(DATABASE);
    let is_copy = is_copy(from)?;
    private_folder(&stage)?;
    let unpacked = match is_copy {
        true => copied(from, &database),
        false => private_folder(&stage.join("files"))
            .and_then(|()| read_through(from, Some(&stage)))
            .and_then(|manifest| {
                check_database(&database, &manifest)?;
                Ok(manifest)
            }),
    };
    let staged = unpacked.and_then(|manifest| {
        let closed = sign_everybody_out(&database, manifest.made_at, prepare)?;
        Ok(Staged { manifest, closed })
    });
    match staged {
        Ok(staged) => {
            if stage.join("files").is_dir() {
                for shelf in fs::read_dir(stage.join("files"))? {
                    sync_folder(&shelf?.path())?;
                }
                sync_folder(&stage.join("files"))?;
            }
            sync_folder(&stage)?;
            sync_folder(data)?;
            Ok(staged)
        }
        Err(error) => {
            fs::remove_dir_all(&stage)?;
            Err(error)
        }
    }
}

/// True for a bare database: a copy that was made before a migration.
fn is_copy(from: &Path) -> Result<bool, StoreError> {
    let mut begin = Vec::new();
    File::open(from)?.take(16).read_to_end(&mut begin)?;
    Ok(begin == b"SQLite format 3\0")
}

/// Copies a bare database and verifies the copy.
fn copied(from: &Path, to: &Path) -> Result<Manifest, StoreError> {
    migrate::refuse_newer(from)?;
    let mut out = private_file().create_new(true).write(true).open(to)?;
    std::io::copy(&mut File::open(from)?, &mut out)?;
    out.sync_all()?;
    let conn = Connection::open(to)?;
    careful(&conn)?;
    look_through(&conn).map_err(|error| StoreError::BadBackup(error.to_string()))?;
    let rows = backup::rows_of(&conn)?;
    let schema = conn.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    conn.close().map_err(|(_, error)| error)?;
    let modified = fs::metadata(from)?.modified()?;
    let age = modified.duration_since(UNIX_EPOCH).unwrap_or_default();
    let written = Timestamp(i64::try_from(age.as_micros()).unwrap_or(i64::MAX));
    Ok(Manifest {
        app_version: format!("of schema {schema}"),
        schema,
        made_at: migrate::copied_at(from).unwrap_or(written),
        rows,
        sha256: BTreeMap::new(),
        missing: Vec::new(),
        audit: BTreeMap::new(),
    })
}

/// Sessions that were ended since the backup must not come back to life, and the restore is noted. Then `prepare` has the database, which
/// is brought to the newest schema first.
fn sign_everybody_out<T>(
    database: &Path,
    made_at: Timestamp,
    prepare: impl FnOnce(&Connection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let mut conn = Connection::open(database)?;
    careful(&conn)?;
    migrate::migrate_copy(&mut conn)?;
    conn.execute_batch(
        "PRAGMA secure_delete = ON;
         DELETE FROM sessions;
         DELETE FROM entry_tokens;",
    )?;
    // The next start writes it into the audit log, whose key is not at hand here.
    sql::run(
        &conn,
        "INSERT OR IGNORE INTO audit_restored (made_at) VALUES (?1)",
        [made_at.0],
    )?;
    let prepared = prepare(&conn)?;
    conn.close().map_err(|(_, error)| error)?;
    File::open(database)?.sync_all()?;
    Ok(prepared)
}

fn mark(data: &Path, marker: &Marker) -> Result<(), StoreError> {
    let part = data.join(format!("{MARKER}.part"));
    let mut out = private_file()
        .create(true)
        .truncate(true)
        .write(true)
        .open(&part)?;
    out.write_all(serde_json::to_string(marker)?.as_bytes())?;
    out.sync_all()?;
    fs::rename(part, data.join(MARKER))?;
    sync_folder(data)
}

/// Finishes a restore whose swap has begun, and clears away one whose has not. Each step may have been done.
pub(crate) fn finish(data: &Path) -> Result<(), StoreError> {
    let stage = data.join(STAGE);
    let marker = match fs::read_to_string(data.join(MARKER)) {
        Ok(text) => Some(serde_json::from_str::<Marker>(&text)?),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(error.into()),
    };
    if let Some(marker) = marker {
        let aside = data.join(marker.set_aside);
        private_folder(&aside)?;
        for name in REPLACED {
            swap(data, &stage, &aside, name)?;
        }
        sync_folder(&aside)?;
        sync_folder(data)?;
        // An empty folder would say that there was something before.
        let nothing_before = fs::read_dir(&aside)?.next().is_none();
        if nothing_before {
            fs::remove_dir(&aside)?;
        }
        fs::remove_file(data.join(MARKER))?;
        sync_folder(data)?;
    }
    if stage.is_dir() {
        fs::remove_dir_all(&stage)?;
    }
    Ok(())
}

fn swap(data: &Path, stage: &Path, aside: &Path, name: &str) -> Result<(), StoreError> {
    let new = stage.join(name);
    let current = data.join(name);
    let old = aside.join(name);
    let swapped_before = (name == DATABASE || name == "files") && !new.exists();
    if swapped_before {
        return Ok(());
    }
    if current.exists() && !old.exists() {
        fs::rename(&current, &old)?;
    }
    if new.exists() {
        fs::rename(&new, &current)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A data folder in which a swap has begun.
    fn begun() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path();
        for (name, old) in [(DATABASE, "old"), ("chatai.db-wal", "old log")] {
            fs::write(data.join(name), old).unwrap();
        }
        fs::create_dir_all(data.join("files")).unwrap();
        fs::write(data.join("files/old"), "old").unwrap();
        fs::create_dir_all(data.join("index/some")).unwrap();
        fs::create_dir_all(data.join(STAGE).join("files")).unwrap();
        fs::write(data.join(STAGE).join(DATABASE), "new").unwrap();
        fs::write(data.join(STAGE).join("files/new"), "new").unwrap();
        let marker = Marker {
            set_aside: "aside".to_owned(),
        };
        mark(data, &marker).unwrap();
        folder
    }

    fn is_restored(data: &Path) {
        assert_eq!(fs::read_to_string(data.join(DATABASE)).unwrap(), "new");
        assert!(data.join("files/new").exists());
        for gone in ["chatai.db-wal", "index", STAGE, MARKER] {
            assert!(!data.join(gone).exists(), "{gone}");
        }
        let aside = data.join("aside");
        assert_eq!(fs::read_to_string(aside.join(DATABASE)).unwrap(), "old");
        assert!(aside.join("files/old").exists());
        assert!(aside.join("chatai.db-wal").exists());
        assert!(aside.join("index/some").exists());
    }

    #[test]
    fn a_swap_that_was_cut_off_anywhere_is_finished_at_the_next_start() {
        // Every rename that a swap makes, in order.
        let renames = [
            ("chatai.db-wal", "aside/chatai.db-wal"),
            (DATABASE, "aside/chatai.db"),
            ("restore.part/chatai.db", DATABASE),
            ("files", "aside/files"),
            ("restore.part/files", "files"),
            ("index", "aside/index"),
        ];
        for done in 0..=renames.len() {
            let folder = begun();
            let data = folder.path();
            fs::create_dir_all(data.join("aside")).unwrap();
            for (from, to) in &renames[..done] {
                fs::rename(data.join(from), data.join(to)).unwrap();
            }
            finish(data).unwrap();
            is_restored(data);
            finish(data).unwrap();
            is_restored(data);
        }
    }

    #[test]
    fn a_restore_that_had_not_begun_its_swap_leaves_the_data_as_it_was() {
        let folder = begun();
        let data = folder.path();
        fs::remove_file(data.join(MARKER)).unwrap();
        finish(data).unwrap();
        assert_eq!(fs::read_to_string(data.join(DATABASE)).unwrap(), "old");
        assert!(data.join("index/some").exists());
        assert!(!data.join(STAGE).exists());
    }
}
