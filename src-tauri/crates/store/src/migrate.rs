//! The migrator: forward only, one transaction a step, a verified copy before data of people is touched.

use std::fs::{self, File};
use std::io::{ErrorKind, Read, Seek, SeekFrom};
use std::path::Path;
use std::time::Duration;

use domain::time::Timestamp;
use rusqlite::Connection;
use rusqlite::backup::Backup;

use crate::error::StoreError;
use crate::open::{private_file, private_folder, sync_folder};

/// All steps; the n-th one makes schema n.
pub(crate) const MIGRATIONS: &[&str] = &[
    include_str!("../../../../migrations/0001_start.sql"),
    include_str!("../../../../migrations/0002_versions_and_labels.sql"),
    include_str!("../../../../migrations/0003_secrets.sql"),
];

/// Says in the file's header that it is ours: "ChAI".
const APPLICATION_ID: i32 = 0x4368_4149;

/// The newest schema this version knows.
pub(crate) fn known() -> u32 {
    u32::try_from(MIGRATIONS.len()).unwrap_or(u32::MAX)
}

/// Refuses a database of a newer schema or of somebody else, without opening it: SQLite would fold its log in.
pub(crate) fn refuse_newer(database: &Path) -> Result<(), StoreError> {
    let Some(header) = header_of(database)? else {
        return Ok(());
    };
    if header.application_id != APPLICATION_ID && header.application_id != 0 {
        let what = "it is a database of another program".to_owned();
        return Err(StoreError::Corrupt(what));
    }
    if header.schema > known() {
        return Err(StoreError::Newer {
            found: header.schema,
            known: known(),
        });
    }
    Ok(())
}

/// Brings the database to the newest schema.
pub(crate) fn migrate(
    conn: &mut Connection,
    migrations: &[&str],
    backups: &Path,
    now: Timestamp,
) -> Result<(), StoreError> {
    let found: u32 = conn.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let steps = migrations.iter().zip(1_u32..);
    let missing: Vec<_> = steps.filter(|(_, version)| *version > found).collect();
    if missing.is_empty() {
        return Ok(());
    }
    if found > 0 {
        copy(conn, backups, found, now)?;
    }
    for (sql, version) in missing {
        step(conn, sql, version)?;
    }
    conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    Ok(())
}

/// Brings a database to the newest schema that is a copy itself and needs none.
pub(crate) fn migrate_copy(conn: &mut Connection) -> Result<(), StoreError> {
    let found: u32 = conn.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    for (sql, version) in MIGRATIONS.iter().zip(1_u32..) {
        if version > found {
            step(conn, sql, version)?;
        }
    }
    Ok(())
}

fn step(conn: &mut Connection, sql: &str, version: u32) -> Result<(), StoreError> {
    tracing::info!(version, "bringing the database to schema {version}");
    let tx = conn.transaction()?;
    tx.execute_batch(sql)?;
    tx.pragma_update(None, "application_id", APPLICATION_ID)?;
    tx.pragma_update(None, "user_version", version)?;
    tx.commit()?;
    Ok(())
}

/// A verified copy of the database as it was before the migration.
fn copy(conn: &Connection, backups: &Path, schema: u32, now: Timestamp) -> Result<(), StoreError> {
    private_folder(backups)?;
    let path = backups.join(format!("before-schema-{}-{}.db", schema + 1, now.0));
    let temporary = path.with_extension("part");
    private_file()
        .create(true)
        .truncate(true)
        .write(true)
        .open(&temporary)?;
    let mut to = Connection::open(&temporary)?;
    Backup::new(conn, &mut to)?.run_to_completion(i32::MAX, Duration::ZERO, None)?;
    let verdict: String = to.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
    if verdict != "ok" {
        return Err(StoreError::Corrupt(verdict));
    }
    to.close().map_err(|(_, error)| error)?;
    File::open(&temporary)?.sync_all()?;
    fs::rename(&temporary, &path)?;
    sync_folder(backups)
}

struct Header {
    schema: u32,
    application_id: i32,
}

/// The header of a database as its log says it is; `None` for a missing or empty file.
/// Offsets: <https://www.sqlite.org/fileformat2.html> sections 1.3 and 4.1.
fn header_of(database: &Path) -> Result<Option<Header>, StoreError> {
    let mut file = match File::open(database) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let mut page = [0_u8; 100];
    let written = match file.read_exact(&mut page) {
        Ok(()) => true,
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => false,
        Err(error) => return Err(error.into()),
    };
    let mut log = database.as_os_str().to_owned();
    log.push("-wal");
    let newest = first_page_in_log(Path::new(&log))?;
    let page = match newest {
        Some(newest) => newest,
        None if written => page,
        None if file.metadata()?.len() == 0 => return Ok(None),
        None => return Err(StoreError::Corrupt("the file is too short".to_owned())),
    };
    if !page.starts_with(b"SQLite format 3\0") {
        return Err(StoreError::Corrupt("it is not a database".to_owned()));
    }
    Ok(Some(Header {
        schema: number(&page, 60),
        application_id: number(&page, 68).cast_signed(),
    }))
}

/// The beginning of page 1 as the last commit of the log left it.
fn first_page_in_log(log: &Path) -> Result<Option<[u8; 100]>, StoreError> {
    let Ok(mut file) = File::open(log) else {
        return Ok(None);
    };
    let length = file.metadata()?.len();
    let mut head = [0_u8; 32];
    if file.read_exact(&mut head).is_err() {
        return Ok(None);
    }
    let page_size = u64::from(number(&head, 8));
    let mut at = 32;
    let mut seen = None;
    let mut committed = None;
    while page_size >= 512 && at + 24 + page_size <= length {
        let mut frame = [0_u8; 124];
        file.seek(SeekFrom::Start(at))?;
        file.read_exact(&mut frame)?;
        // Frames of an earlier round have other salts.
        if frame[8..16] != head[16..24] {
            break;
        }
        if number(&frame, 0) == 1 {
            let mut page = [0_u8; 100];
            page.copy_from_slice(&frame[24..]);
            seen = Some(page);
        }
        let ends_a_commit = number(&frame, 4) != 0;
        if ends_a_commit {
            committed = seen.or(committed);
        }
        at += 24 + page_size;
    }
    Ok(committed)
}

fn number(bytes: &[u8], at: usize) -> u32 {
    let mut four = [0; 4];
    four.copy_from_slice(&bytes[at..at + 4]);
    u32::from_be_bytes(four)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::open::writing;

    fn version(conn: &Connection) -> u32 {
        conn.query_row("PRAGMA user_version", [], |row| row.get(0))
            .unwrap()
    }

    const NEXT: &str = "CREATE TABLE later (id INTEGER PRIMARY KEY) STRICT;";

    #[test]
    fn existing_data_is_copied_before_it_is_migrated() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("chatai.db");
        let backups = folder.path().join("backups");
        let mut conn = writing(&database).unwrap();
        migrate(&mut conn, MIGRATIONS, &backups, Timestamp(1)).unwrap();
        assert!(!backups.exists(), "a fresh database needs no copy");

        let later = [MIGRATIONS, &[NEXT]].concat();
        migrate(&mut conn, &later, &backups, Timestamp(2)).unwrap();
        assert_eq!(version(&conn), known() + 1);
        let copy = backups.join(format!("before-schema-{}-2.db", known() + 1));
        assert_eq!(version(&Connection::open(copy).unwrap()), known());
    }

    #[test]
    fn a_migration_that_fails_leaves_the_schema_of_before() {
        let folder = tempfile::tempdir().unwrap();
        let mut conn = writing(&folder.path().join("chatai.db")).unwrap();
        let backups = folder.path().join("backups");
        migrate(&mut conn, MIGRATIONS, &backups, Timestamp(1)).unwrap();
        let broken = [
            MIGRATIONS,
            &["CREATE TABLE half (id INTEGER) STRICT; NONSENSE"],
        ]
        .concat();
        assert!(migrate(&mut conn, &broken, &backups, Timestamp(2)).is_err());
        assert_eq!(version(&conn), known());
        assert!(conn.prepare("SELECT * FROM half").is_err());
        migrate(&mut conn, MIGRATIONS, &backups, Timestamp(3)).unwrap();
    }

    #[test]
    fn a_newer_schema_is_seen_even_when_only_the_log_has_it() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("chatai.db");
        let mut conn = writing(&database).unwrap();
        migrate(&mut conn, MIGRATIONS, folder.path(), Timestamp(1)).unwrap();
        refuse_newer(&database).unwrap();
        conn.pragma_update(None, "user_version", known() + 5)
            .unwrap();
        let refused = refuse_newer(&database);
        assert!(matches!(refused, Err(StoreError::Newer { found, .. }) if found == known() + 5));
    }
}
