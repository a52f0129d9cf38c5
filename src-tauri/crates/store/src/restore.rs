//! Restoring a backup: everything is verified first, the old data is set aside, never deleted.
//!
//! The backup is unpacked beside the data; a marker then says that the swap has begun. From the marker on every
//! start rolls forward, before it nothing of the data was touched.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use domain::member::Role;
use domain::time::Timestamp;
use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};

use crate::backup::{Manifest, check_database, read_through};
use crate::error::StoreError;
use crate::master::MasterKey;
use crate::open::{careful, private_file, private_folder, sync_folder};
use crate::recovery::RecoveryCode;
use crate::seal::Keys;
use crate::{DATABASE, Store, lock, migrate, recovery, secrets, sql};

/// A finished restore.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestoreReport {
    /// What was in the backup.
    pub manifest: Manifest,
    /// Where the data of before lies now; `None` when there was none.
    pub set_aside: Option<PathBuf>,
    /// Names of the secrets that this computer cannot open: to be entered again. Empty when nobody looked.
    pub closed: Vec<String>,
}

impl Store {
    /// Puts a backup in the place of what is in the data folder; everybody has to sign in again. Blocking;
    /// nobody may have the folder open (`Locked`). A crash on the way leaves the old data or the new, never
    /// between: the next opening finishes what was begun.
    pub fn restore(data: &Path, from: &Path, now: Timestamp) -> Result<RestoreReport, StoreError> {
        Store::restore_with(data, from, now, |_| Ok(Vec::new()))
    }

    /// The same, and the backup's secrets are opened for this computer. `BadCode` and `WrongCode` before
    /// anything was changed.
    pub fn restore_opening(
        data: &Path,
        from: &Path,
        opening: &Opening,
        now: Timestamp,
    ) -> Result<RestoreReport, StoreError> {
        Store::restore_with(data, from, now, |conn| open_up(conn, data, opening, now))
    }

    fn restore_with(
        data: &Path,
        from: &Path,
        now: Timestamp,
        prepare: impl FnOnce(&Connection) -> Result<Vec<String>, StoreError>,
    ) -> Result<RestoreReport, StoreError> {
        private_folder(data)?;
        let _lock = lock::take(data)?;
        finish(data)?;
        let (manifest, closed) = stage(data, from, prepare)?;
        let set_aside = begin_swap(data, now)?;
        finish(data)?;
        Ok(RestoreReport {
            manifest,
            set_aside: set_aside.is_dir().then_some(set_aside),
            closed,
        })
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
            let (manifest, closed) =
                stage(&data, &from, |conn| open_up(conn, &data, &opening, now))?;
            let set_aside = begin_swap(&data, now)?;
            Ok(RestoreReport {
                manifest,
                set_aside: Some(set_aside),
                closed,
            })
        });
        staging
            .await
            .unwrap_or_else(|error| Err(StoreError::Database(Box::new(error))))
    }
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

/// Says that the swap has begun; where the old data will lie.
fn begin_swap(data: &Path, now: Timestamp) -> Result<PathBuf, StoreError> {
    let set_aside = format!("before-restore-{}", now.0);
    let aside = data.join(&set_aside);
    mark(data, &Marker { set_aside })?;
    Ok(aside)
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

/// Unpacks and verifies a backup beside the data, and prepares its database.
fn stage<T>(
    data: &Path,
    from: &Path,
    prepare: impl FnOnce(&Connection) -> Result<T, StoreError>,
) -> Result<(Manifest, T), StoreError> {
    let stage = data.join(STAGE);
    private_folder(&stage.join("files"))?;
    let unpacked = read_through(from, Some(&stage)).and_then(|manifest| {
        let database = stage.join(DATABASE);
        check_database(&database, &manifest)?;
        let prepared = sign_everybody_out(&database, prepare)?;
        Ok((manifest, prepared))
    });
    match unpacked {
        Ok(staged) => {
            for shelf in fs::read_dir(stage.join("files"))? {
                sync_folder(&shelf?.path())?;
            }
            sync_folder(&stage.join("files"))?;
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

/// Sessions that were ended since the backup must not come back to life. Then `prepare` has the database, which
/// is brought to the newest schema first.
fn sign_everybody_out<T>(
    database: &Path,
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
