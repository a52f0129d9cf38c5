//! Opening: one instance, newer data, damage, rights, the schema.

use std::os::unix::fs::{FileExt, PermissionsExt};

use expect_test::expect_file;
use store::error::StoreError;
use store::{MasterKey, Store, StoreConfig};

use crate::backup::hashes;
use crate::world::{World, at, config_of};

#[tokio::test]
async fn what_was_known_of_settings_is_out_of_date_once_one_is_written() {
    let (world, shop) = World::owned().await;
    let before = world.store.settings_written();
    assert_eq!(shop.w.setting("a").await.unwrap(), None);
    assert_eq!(world.store.settings_written(), before);
    shop.w
        .set_setting("a", "1".to_owned(), at(1))
        .await
        .unwrap();
    assert_ne!(world.store.settings_written(), before);
}

#[tokio::test]
async fn the_schema_is_the_one_that_was_agreed() {
    let world = World::new();
    let conn = rusqlite::Connection::open(world.data().join("chatai.db")).unwrap();
    let mut statement = conn
        .prepare(
            "SELECT name, (SELECT group_concat(name || ' ' || type || iif(pk, ' #' || pk, ''), ', ')
                           FROM pragma_table_xinfo(t.name))
             FROM pragma_table_list t WHERE schema = 'main' AND strict ORDER BY name",
        )
        .unwrap();
    let rows = statement
        .query_map([], |row| {
            Ok(format!(
                "{}: {}\n",
                row.get::<_, String>(0)?,
                row.get::<_, String>(1)?
            ))
        })
        .unwrap();
    let schema: String = rows.map(Result::unwrap).collect();
    expect_file!["schema.txt"].assert_eq(&schema);
    let not_strict: u32 = conn
        .query_row(
            "SELECT count(*) FROM pragma_table_list
             WHERE schema = 'main' AND NOT strict AND name NOT LIKE 'sqlite%'
                 AND type NOT IN ('virtual', 'shadow')",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(not_strict, 0);
}

#[tokio::test]
async fn a_second_instance_is_told_who_has_the_folder() {
    let world = World::new();
    let second = Store::open(world.config(), at(1));
    let pid = std::process::id();
    assert!(matches!(second, Err(StoreError::Locked { pid: found }) if found == pid));
    let world = world.reopened().await;
    assert!(!world.store.has_owner().await.unwrap());
}

#[tokio::test]
async fn after_closing_every_call_says_so() {
    let (world, shop) = World::owned().await;
    world.store.close().await.unwrap();
    let read = shop.w.counts().await;
    assert!(matches!(read, Err(StoreError::Closed)));
    let written = shop.w.set_setting("a", "1".to_owned(), at(1)).await;
    assert!(matches!(written, Err(StoreError::Closed)));
}

#[tokio::test]
async fn newer_data_is_refused_and_no_byte_of_it_changes() {
    let (world, _shop) = World::owned().await;
    let database = world.data().join("chatai.db");
    let World { folder, store } = world;
    drop((store, _shop));
    let conn = rusqlite::Connection::open(&database).unwrap();
    conn.pragma_update(None, "user_version", 999).unwrap();
    conn.close().unwrap();
    let before = hashes(&folder.path().join("data"));
    let steps = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../migrations"));
    let newest = u32::try_from(steps.unwrap().count()).unwrap();
    let refused = Store::open(config_of(&folder), at(1)).map(drop);
    assert!(
        matches!(
            refused,
            Err(StoreError::Newer { found: 999, known }) if known == newest
        ),
        "{refused:?}"
    );
    assert_eq!(hashes(&folder.path().join("data")), before);
}

#[test]
fn a_file_that_is_no_database_is_not_touched() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    std::fs::create_dir(&data).unwrap();
    std::fs::write(data.join("chatai.db"), "dear diary ".repeat(100)).unwrap();
    let before = hashes(&data);
    let refused = Store::open(config_of(&folder), at(1)).map(drop);
    assert!(matches!(refused, Err(StoreError::Corrupt(_))));
    assert_eq!(hashes(&data), before);
}

#[tokio::test]
async fn damage_makes_the_store_read_only() {
    let (world, shop) = World::owned().await;
    let source = shop.source().await;
    for number in 0..30 {
        let text = format!("{number} {}", "lorem ".repeat(3_000));
        shop.ready(
            &world.store,
            source,
            &format!("{number}.txt"),
            &text,
            at(number),
        )
        .await;
    }
    let database = world.data().join("chatai.db");
    let World { folder, store } = world;
    let id = shop.w.id();
    drop((store, shop));
    let file = std::fs::File::options()
        .write(true)
        .open(&database)
        .unwrap();
    let pages = file.metadata().unwrap().len() / 4_096;
    for page in 60..pages.min(120) {
        file.write_all_at(&[0xAB; 4_096], page * 4_096).unwrap();
    }
    let store = match Store::open(config_of(&folder), at(1)) {
        Ok(store) => store,
        Err(StoreError::Corrupt(_)) => return,
        Err(error) => panic!("{error}"),
    };
    let report = store.check().await.unwrap();
    assert!(!report.problems.is_empty());
    assert!(store.damaged());
    let refused = store
        .workspace(id)
        .set_setting("a", "1".to_owned(), at(2))
        .await;
    assert!(matches!(refused, Err(StoreError::Corrupt(_))));
}

#[tokio::test]
async fn only_its_owner_can_look_into_the_data() {
    let (world, shop) = World::owned().await;
    let source = shop.source().await;
    shop.ready(&world.store, source, "a.txt", "Tea", at(1))
        .await;
    let to = world.store.backups_folder().join("one.chatai-backup");
    world.store.backup(&to, at(1)).await.unwrap();
    let mut waiting = vec![world.data(), world.folder.path().join("keys")];
    let mut looked = 0;
    while let Some(path) = waiting.pop() {
        let mode = std::fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        let expected = if path.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(mode, expected, "{}", path.display());
        looked += 1;
        if path.is_dir() {
            waiting.extend(std::fs::read_dir(path).unwrap().map(|e| e.unwrap().path()));
        }
    }
    assert!(looked > 8);
}

#[tokio::test]
async fn the_pragmas_are_the_ones_of_the_operating_rules() {
    let world = World::new();
    let conn = rusqlite::Connection::open(world.data().join("chatai.db")).unwrap();
    let mode: String = conn
        .query_row("PRAGMA journal_mode", [], |row| row.get(0))
        .unwrap();
    let application: i32 = conn
        .query_row("PRAGMA application_id", [], |row| row.get(0))
        .unwrap();
    assert_eq!((mode.as_str(), application), ("wal", 0x4368_4149));
    assert!(rusqlite::version_number() >= 3_051_003);
}

/// Fills a disk that is very small. Mounting needs rights: without them the test says that it did not run.
#[tokio::test]
async fn a_full_disk_is_an_answer_and_goes_away_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("small");
    std::fs::create_dir(&data).unwrap();
    let mounted = std::process::Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=2m", "tmpfs"])
        .arg(&data)
        .output()
        .is_ok_and(|output| output.status.success());
    if !mounted {
        println!("not run: no right to mount a small disk");
        return;
    }
    let outcome = fill(&folder, &data).await;
    let unmounted = std::process::Command::new("umount").arg(&data).status();
    assert!(unmounted.unwrap().success());
    outcome.unwrap();
}

async fn fill(folder: &tempfile::TempDir, data: &std::path::Path) -> Result<(), String> {
    let config = StoreConfig {
        data: data.to_owned(),
        master_key: MasterKey::File(folder.path().join("master.key")),
    };
    let store = Store::open(config, at(0)).map_err(|error| error.to_string())?;
    let owner = crate::world::new_owner("owner@example.org");
    let w = store.workspace(owner.workspace_id);
    store
        .first_owner(owner, at(0))
        .await
        .map_err(|error| error.to_string())?;
    std::fs::write(data.join("ballast"), vec![0; 700_000]).map_err(|error| error.to_string())?;
    let mut kept = 0;
    let error = loop {
        let big = "x".repeat(40_000);
        match w.set_setting(&format!("{kept}"), big, at(kept)).await {
            Ok(()) => kept += 1,
            Err(error) => break error,
        }
    };
    if !matches!(error, StoreError::Full) {
        return Err(format!("a full disk was called {error:?}"));
    }
    let last = w.setting(&format!("{}", kept - 1)).await;
    if !matches!(last, Ok(Some(_))) {
        return Err("reading does not work on a full disk".to_owned());
    }
    let refused = store.put_file(std::io::repeat(1), 4_000_000).await;
    if !matches!(refused, Err(StoreError::Full)) {
        return Err(format!("a full disk was called {refused:?}"));
    }
    std::fs::remove_file(data.join("ballast")).map_err(|error| error.to_string())?;
    w.set_setting("again", "1".to_owned(), at(1))
        .await
        .map_err(|error| format!("after the disk had room again: {error}"))?;
    match store.check().await {
        Ok(report) if report.problems.is_empty() => Ok(()),
        other => Err(format!("{other:?}")),
    }
}
