//! Opening: folder, lock, pragmas, schema, sweeping up. The order matters; nothing is written before the
//! lock is held and the schema is known.

use std::fs;
use std::io;
use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;

use crate::error::StoreError;

/// The oldest SQLite without the WAL-reset bug (3.7.0 to 3.51.2 can corrupt with two connections).
const OLDEST_SQLITE: i32 = 3_051_003;
/// How long a connection waits for another one's lock.
const PATIENCE: Duration = Duration::from_secs(5);

/// Makes a folder that only its owner can look into, when it is missing.
pub(crate) fn private_folder(folder: &Path) -> Result<(), StoreError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(folder)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(folder)?.permissions().mode();
        if mode & 0o077 != 0 {
            fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
        }
    }
    Ok(())
}

/// Options for files that only their owner can read.
pub(crate) fn private_file() -> fs::OpenOptions {
    let mut options = fs::OpenOptions::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options
}

/// Makes a rename or a new file in `folder` survive a power loss. Windows has no such call and needs none.
pub(crate) fn sync_folder(folder: &Path) -> Result<(), StoreError> {
    #[cfg(unix)]
    fs::File::open(folder)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

/// Refuses folders on file systems of the network, where SQLite's locks cannot be trusted. Known on Linux only.
pub(crate) fn refuse_network(folder: &Path) -> Result<(), StoreError> {
    let Ok(mounts) = fs::read_to_string("/proc/self/mounts") else {
        return Ok(());
    };
    let folder = fs::canonicalize(folder)?;
    match file_system_of(&folder, &mounts) {
        Some(kind) if matches!(kind, "nfs" | "nfs4" | "cifs" | "smb3" | "smbfs" | "9p") => {
            let what = format!("the data folder is on a network file system ({kind})");
            Err(io::Error::new(io::ErrorKind::Unsupported, what).into())
        }
        _ => Ok(()),
    }
}

fn file_system_of<'m>(folder: &Path, mounts: &'m str) -> Option<&'m str> {
    let mut longest = None;
    for line in mounts.lines() {
        let mut words = line.split(' ').skip(1);
        let (Some(place), Some(kind)) = (words.next(), words.next()) else {
            continue;
        };
        // Later mounts cover earlier ones of the same place.
        let closer = longest.is_none_or(|(length, _)| place.len() >= length);
        if closer && folder.starts_with(place) {
            longest = Some((place.len(), kind));
        }
    }
    longest.map(|(_, kind)| kind)
}

/// What every connection does: checks, and no trust in what a damaged schema says.
pub(crate) fn careful(conn: &Connection) -> Result<(), StoreError> {
    conn.busy_timeout(PATIENCE)?;
    conn.set_prepared_statement_cache_capacity(256);
    conn.execute_batch(
        "PRAGMA foreign_keys = ON;
         PRAGMA trusted_schema = OFF;
         PRAGMA cell_size_check = ON;
         PRAGMA temp_store = MEMORY;",
    )?;
    Ok(())
}

/// Opens the connection that writes.
pub(crate) fn writing(database: &Path) -> Result<Connection, StoreError> {
    if rusqlite::version_number() < OLDEST_SQLITE {
        let what = format!("SQLite {} is too old", rusqlite::version());
        return Err(StoreError::Database(what.into()));
    }
    // SQLite gives its log and its shared memory the rights of the database file.
    private_file().create(true).append(true).open(database)?;
    let conn = Connection::open(database)?;
    careful(&conn)?;
    let mode: String = conn.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    if mode != "wal" {
        let what = format!("the database's journal is {mode} instead of wal");
        return Err(StoreError::Database(what.into()));
    }
    // 16 MB of log: while many write, most of its pages are written again before they need a place of their own.
    conn.execute_batch(
        "PRAGMA synchronous = FULL;
         PRAGMA secure_delete = ON;
         PRAGMA wal_autocheckpoint = 4000;",
    )?;
    Ok(conn)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closest_mount_says_what_file_system_a_folder_is_on() {
        let mounts = "/dev/a / ext4 rw 0 0\nserver:/x /srv/data nfs4 rw 0 0\n";
        let kind = |folder: &str| file_system_of(Path::new(folder), mounts);
        assert_eq!(kind("/srv/data/chatai"), Some("nfs4"));
        assert_eq!(kind("/srv/database"), Some("ext4"));
    }
}
