//! The migrator: forward only, one transaction a step, a verified copy before data of people is touched.

use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::path::Path;
use std::time::Duration;

use domain::time::Timestamp;
use rusqlite::Connection;
use rusqlite::backup::Backup;

use crate::error::StoreError;
use crate::open::{private_file, private_folder, sync_folder};
use crate::wal;

/// All steps; the n-th one makes schema n.
pub(crate) const MIGRATIONS: &[&str] = &[
    include_str!("../../../../migrations/0001_start.sql"),
    include_str!("../../../../migrations/0002_versions_and_labels.sql"),
    include_str!("../../../../migrations/0003_secrets.sql"),
    include_str!("../../../../migrations/0004_telegram.sql"),
    include_str!("../../../../migrations/0005_improve.sql"),
    include_str!("../../../../migrations/0006_assistants.sql"),
    include_str!("../../../../migrations/0007_team.sql"),
    include_str!("../../../../migrations/0008_followed_sources.sql"),
    include_str!("../../../../migrations/0009_inbox.sql"),
    include_str!("../../../../migrations/0010_voice_and_limits.sql"),
    include_str!("../../../../migrations/0011_activity_and_audit.sql"),
    include_str!("../../../../migrations/0012_costs.sql"),
    include_str!("../../../../migrations/0013_outbox.sql"),
];

/// Says in the file's header that it is ours: "ChAI".
const APPLICATION_ID: i32 = 0x4368_4149;
/// How the names of copies begin that are made before a migration, and how they end.
const BEFORE: &str = "before-schema-";
const COPY: &str = "db";

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
    let path = backups.join(format!("{BEFORE}{}-{}.{COPY}", schema + 1, now.0));
    let temporary = path.with_extension("part");
    let copied = copy_verified(conn, &temporary);
    if let Err(error) = copied {
        // Half a copy is of no use, and on a full disk it is in the way.
        let _ = fs::remove_file(&temporary);
        return Err(error);
    }
    fs::rename(&temporary, &path)?;
    sync_folder(backups)
}

fn copy_verified(conn: &Connection, temporary: &Path) -> Result<(), StoreError> {
    private_file()
        .create(true)
        .truncate(true)
        .write(true)
        .open(temporary)?;
    let mut to = Connection::open(temporary)?;
    Backup::new(conn, &mut to)?.run_to_completion(i32::MAX, Duration::ZERO, None)?;
    let verdict: String = to.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
    if verdict != "ok" {
        return Err(StoreError::Corrupt(verdict));
    }
    to.close().map_err(|(_, error)| error)?;
    File::open(temporary)?.sync_all()?;
    Ok(())
}

/// When a copy that was made before a migration was made, by its name; `None` for any other file.
pub(crate) fn copied_at(path: &Path) -> Option<Timestamp> {
    let name = path.file_name()?.to_str()?;
    let numbers = name.strip_prefix(BEFORE)?.strip_suffix(COPY)?;
    let (_, at) = numbers.strip_suffix('.')?.split_once('-')?;
    at.parse().ok().map(Timestamp)
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
    let newest = wal::first_page(&wal::place(database))?;
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
        schema: wal::number(&page, 60),
        application_id: wal::number(&page, 68).cast_signed(),
    }))
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
    fn what_engines_used_up_before_assistants_were_told_apart_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let mut conn = writing(&folder.path().join("chatai.db")).unwrap();
        migrate(&mut conn, &MIGRATIONS[..11], folder.path(), Timestamp(1)).unwrap();
        conn.execute_batch(
            "INSERT INTO workspaces (id, name, created_at) VALUES (zeroblob(16), 'Shop', 0);
             INSERT INTO usage VALUES (zeroblob(16), 20000, 'remote:m', 3, 900, 80);",
        )
        .unwrap();
        migrate(&mut conn, MIGRATIONS, folder.path(), Timestamp(2)).unwrap();
        let kept = conn.query_row(
            "SELECT day, engine, assistant_id, answers, prompt_tokens, answer_tokens FROM usage",
            [],
            |row| {
                let key: (i64, String, Vec<u8>) = (row.get(0)?, row.get(1)?, row.get(2)?);
                let counts: (u32, u32, u32) = (row.get(3)?, row.get(4)?, row.get(5)?);
                Ok((key, counts))
            },
        );
        let key = (20_000, "remote:m".to_owned(), Vec::new());
        assert_eq!(kept.unwrap(), (key, (3, 900, 80)));
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

    /// Two steps that take a while: what a kill or a full disk may find in the middle.
    const SLOW: [&str; 2] = [
        "CREATE TABLE later (id INTEGER PRIMARY KEY, n TEXT NOT NULL) STRICT;
         WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 30000)
         INSERT INTO later SELECT n, hex(randomblob(50)) FROM c;",
        "ALTER TABLE later ADD COLUMN more TEXT NOT NULL DEFAULT '';
         UPDATE later SET more = n;",
    ];

    fn all() -> Vec<&'static str> {
        [MIGRATIONS, &SLOW].concat()
    }

    /// Old, in the middle of the two steps, or new: each whole. Says how many steps are done.
    fn whole(folder: &Path) -> u32 {
        let conn = writing(&folder.join("chatai.db")).unwrap();
        let verdict: String = conn
            .query_row("PRAGMA integrity_check", [], |row| row.get(0))
            .unwrap();
        assert_eq!(verdict, "ok");
        let steps = version(&conn) - known();
        let rows = |sql: &str| conn.query_row(sql, [], |row| row.get::<_, u32>(0));
        assert_eq!(
            rows("SELECT count(*) FROM later").ok(),
            (steps > 0).then_some(30_000)
        );
        let filled = rows("SELECT count(*) FROM later WHERE more = n").ok();
        assert_eq!(filled, (steps > 1).then_some(30_000));
        steps
    }

    /// Copies that have their name are whole, and of a schema from before.
    fn copies_are_whole(backups: &Path) -> usize {
        let mut seen = 0;
        for entry in fs::read_dir(backups).into_iter().flatten() {
            let path = entry.unwrap().path();
            if copied_at(&path).is_none() {
                continue;
            }
            let conn = Connection::open(&path).unwrap();
            let verdict: String = conn
                .query_row("PRAGMA integrity_check", [], |row| row.get(0))
                .unwrap();
            assert_eq!(verdict, "ok");
            assert!(version(&conn) < known() + 2);
            seen += 1;
        }
        seen
    }

    fn prepared() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let mut conn = writing(&folder.path().join("chatai.db")).unwrap();
        migrate(&mut conn, MIGRATIONS, folder.path(), Timestamp(1)).unwrap();
        folder
    }

    /// Where the child works; only the child has it.
    const FOLDER: &str = "CHATAI_MIGRATING_CHILD_FOLDER";

    /// The child: migrates until it is killed. As an ordinary test it does nothing.
    #[test]
    fn a_child_migrates_until_it_is_killed() {
        let Some(folder) = std::env::var_os(FOLDER) else {
            return;
        };
        let folder = Path::new(&folder);
        let mut conn = writing(&folder.join("chatai.db")).unwrap();
        eprintln!("migrating");
        migrate(&mut conn, &all(), &folder.join("backups"), Timestamp(2)).unwrap();
    }

    #[test]
    fn a_kill_in_the_middle_leaves_the_old_schema_or_the_new_and_the_next_start_goes_on() {
        use std::io::BufRead;
        let rounds: u64 = match std::env::var("CHATAI_ROUNDS").as_deref() {
            Err(_) => 5,
            Ok(number) => number.parse().unwrap_or(50),
        };
        let mut ended = [0; 3];
        for round in 0..rounds {
            let folder = prepared();
            let mut child = std::process::Command::new(std::env::current_exe().unwrap())
                .args([
                    "--exact",
                    "migrate::tests::a_child_migrates_until_it_is_killed",
                    "--nocapture",
                ])
                .env(FOLDER, folder.path())
                .stdout(std::process::Stdio::null())
                .stderr(std::process::Stdio::piped())
                .spawn()
                .unwrap();
            let mut said = std::io::BufReader::new(child.stderr.take().unwrap()).lines();
            while !said.next().unwrap().unwrap().contains("migrating") {}
            // The moment of death is what is tried here.
            std::thread::sleep(Duration::from_millis(round * 37 % 150));
            child.kill().unwrap();
            child.wait().unwrap();
            ended[whole(folder.path()) as usize] += 1;
            let backups = folder.path().join("backups");
            copies_are_whole(&backups);
            let mut conn = writing(&folder.path().join("chatai.db")).unwrap();
            migrate(&mut conn, &all(), &backups, Timestamp(3)).unwrap();
            drop(conn);
            assert_eq!(whole(folder.path()), 2);
            copies_are_whole(&backups);
        }
        println!("figure: R14 | kills in the middle of a migration | {rounds}");
        println!(
            "figure: R14 | of them left with the old schema, after one step, the new | {ended:?}"
        );
    }

    #[test]
    fn a_disk_that_is_full_in_the_middle_leaves_the_old_schema_and_goes_on_with_room() {
        let folder = prepared();
        let database = folder.path().join("chatai.db");
        let backups = folder.path().join("backups");
        let steps = [1, 4, 60, 400, 900, 1_300, 2_000];
        for (time, pages) in (2..).zip(steps) {
            let mut conn = writing(&database).unwrap();
            let there: u32 = conn
                .query_row("PRAGMA page_count", [], |row| row.get(0))
                .unwrap();
            // SQLite's own word for a full disk, without one.
            conn.query_row(
                &format!("PRAGMA max_page_count = {}", there + pages),
                [],
                |_| Ok(()),
            )
            .unwrap();
            let before = version(&conn);
            let full = migrate(&mut conn, &all(), &backups, Timestamp(time));
            let after = version(&conn);
            match full {
                Err(StoreError::Full) => assert!(after >= before),
                Ok(()) => assert_eq!(after, known() + 2),
                Err(error) => panic!("{error}"),
            }
            drop(conn);
            whole(folder.path());
            copies_are_whole(&backups);
        }
        let mut conn = writing(&database).unwrap();
        migrate(&mut conn, &all(), &backups, Timestamp(99)).unwrap();
        drop(conn);
        assert_eq!(whole(folder.path()), 2);
        println!(
            "figure: R14 | full disks in the middle of a migration | {}",
            steps.len()
        );
    }
}
