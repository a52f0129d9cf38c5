//! The audit log: whatever is done to it is found.

use domain::audit::{Deed, Entry, SettingsPart};
use domain::id::MemberId;
use domain::member::Role;
use domain::team::{Change, Person, What};
use rusqlite::{Connection, params};
use store::error::StoreError;

use crate::world::{Shop, World, at, uuid};

const ENTRIES: u32 = 24;

fn entry(number: u32) -> Entry {
    Entry {
        by: Some(Person {
            id: Some(MemberId(uuid())),
            name: format!("Member {number}"),
        }),
        deed: Deed::BotAdded {
            name: format!("bot_{number}"),
        },
        at: at(i64::from(number)),
    }
}

async fn written() -> (World, Shop) {
    let (world, shop) = World::owned().await;
    for number in 1..=ENTRIES {
        shop.w.note(entry(number)).await.unwrap();
    }
    (world, shop)
}

/// Another program at the database, which the triggers do not stop.
fn intruder(world: &World) -> Connection {
    let conn = Connection::open(world.data().join("chatai.db")).unwrap();
    conn.execute_batch("DROP TRIGGER audit_stays; DROP TRIGGER audit_stays_as_it_is;")
        .unwrap();
    conn
}

/// Numbers that are the same in every run (splitmix64).
struct Random(u64);

impl Random {
    fn below(&mut self, most: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        u32::try_from((mixed ^ (mixed >> 31)) % u64::from(most)).unwrap()
    }
}

#[tokio::test]
async fn a_thousand_edits_deletions_insertions_swaps_and_cuts_are_all_found() {
    let (world, shop) = written().await;
    let conn = intruder(&world);
    conn.execute_batch(
        "CREATE TABLE kept AS SELECT * FROM audit; CREATE TABLE kept_heads AS SELECT * FROM audit_heads;",
    )
    .unwrap();
    let mut random = Random(20);
    for round in 0..1_000_u32 {
        let one = random.below(ENTRIES) + 1;
        let other = (one + random.below(ENTRIES - 1)) % ENTRIES + 1;
        let (said, changed) = match round % 8 {
            0 => (
                "edited",
                conn.execute(
                    "UPDATE audit SET entry = replace(entry, 'bot_', 'pot_') WHERE number = ?1",
                    [one],
                ),
            ),
            1 => (
                "moved in time",
                conn.execute("UPDATE audit SET at = at + 1 WHERE number = ?1", [one]),
            ),
            2 => (
                "deleted",
                conn.execute("DELETE FROM audit WHERE number = ?1", [one]),
            ),
            3 => (
                "deleted and closed up",
                conn.execute("DELETE FROM audit WHERE number = ?1", [one]).and_then(|_| {
                    conn.execute(
                        "UPDATE audit SET number = -number + 1 WHERE number > ?1",
                        [one],
                    )?;
                    conn.execute("UPDATE audit SET number = -number WHERE number < 0", [])
                        .map(|_| 1)
                }),
            ),
            4 => (
                "inserted",
                conn.execute(
                    "INSERT INTO audit SELECT workspace_id, ?1, key_number, entry, at, mac FROM kept WHERE number = ?2",
                    params![ENTRIES + 1, one],
                ),
            ),
            5 => (
                "swapped",
                conn.execute(
                    "UPDATE audit SET entry = (SELECT entry FROM kept k WHERE k.number = ?1 + ?2 - audit.number)
                     WHERE number IN (?1, ?2)",
                    params![one, other],
                ),
            ),
            6 => (
                "cut",
                conn.execute("DELETE FROM audit WHERE number >= ?1", [one]),
            ),
            _ => (
                "cut with its end",
                conn.execute("DELETE FROM audit WHERE number > ?1", [one - 1]).and_then(|_| {
                    conn.execute(
                        "UPDATE audit_heads SET number = ?1,
                             mac = coalesce((SELECT mac FROM kept WHERE number = ?1), zeroblob(32))",
                        [one - 1],
                    )
                }),
            ),
        };
        assert!(changed.unwrap() > 0, "{said} {one} {other}");
        let report = shop.w.verify_audit().await.unwrap();
        assert!(!report.is_whole(), "{said} {one} {other}: {report:?}");
        conn.execute_batch(
            "DELETE FROM audit; INSERT INTO audit SELECT * FROM kept;
             DELETE FROM audit_heads; INSERT INTO audit_heads SELECT * FROM kept_heads;",
        )
        .unwrap();
    }
    let report = shop.w.verify_audit().await.unwrap();
    assert!(report.is_whole(), "{report:?}");
    assert_eq!(report.entries, u64::from(ENTRIES));
}

#[tokio::test]
async fn a_cut_that_covers_its_tracks_is_shown_by_a_backup_and_by_what_is_written_next() {
    let (world, shop) = written().await;
    let backup = world.data().join("backups/one.chatai-backup");
    let conn = intruder(&world);
    conn.execute_batch("CREATE TABLE kept_heads AS SELECT * FROM audit_heads;")
        .unwrap();
    shop.w.note(entry(90)).await.unwrap();
    shop.w.note(entry(91)).await.unwrap();
    world.store.backup(&backup, at(100)).await.unwrap();
    // An end of before, with its seal, and the entries that it knows.
    conn.execute_batch(
        "DELETE FROM audit WHERE number > 24;
         DELETE FROM audit_heads; INSERT INTO audit_heads SELECT * FROM kept_heads;",
    )
    .unwrap();
    let report = shop.w.verify_audit().await.unwrap();
    assert_eq!((report.broken_at, report.backups), (Some(25), 1));

    // Without the backup, and with the end taken away: the next entry leaves a gap.
    std::fs::remove_file(&backup).unwrap();
    conn.execute_batch("DELETE FROM audit WHERE number > 20; DELETE FROM audit_heads;")
        .unwrap();
    shop.w.note(entry(92)).await.unwrap();
    let report = shop.w.verify_audit().await.unwrap();
    assert_eq!(report.broken_at, Some(21), "{report:?}");
}

#[tokio::test]
async fn the_program_itself_cannot_change_or_remove_an_entry() {
    let (world, _shop) = written().await;
    let conn = Connection::open(world.data().join("chatai.db")).unwrap();
    for statement in ["DELETE FROM audit", "UPDATE audit SET at = 0"] {
        let refused = conn.execute(statement, []).unwrap_err().to_string();
        assert!(
            refused.contains("entries of the audit log are never"),
            "{refused}"
        );
    }
}

#[tokio::test]
async fn an_entry_is_kept_with_what_it_is_about_or_neither_is() {
    let (_world, shop) = World::owned().await;
    let part = SettingsPart::Business;
    let deed = Deed::SettingsChanged { part };
    let noted = || Entry {
        by: None,
        deed: deed.clone(),
        at: at(5),
    };
    let noting = shop.w.noting(vec![noted()]);
    noting
        .set_setting("general", "{}".to_owned(), at(5))
        .await
        .unwrap();
    // What was noted is noted once.
    noting
        .set_setting("general", "{ }".to_owned(), at(6))
        .await
        .unwrap();
    let failed = shop.w.noting(vec![noted()]);
    let nobody = failed
        .remove_source(domain::id::SourceId(uuid()), at(7))
        .await;
    assert!(matches!(nobody, Err(StoreError::NotFound)));
    let rows = shop.w.audit(None, 10).await.unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!((rows[0].number, &rows[0].entry), (1, &noted()));
    assert!(shop.w.verify_audit().await.unwrap().is_whole());
}

#[tokio::test]
async fn what_was_written_down_about_people_before_there_was_a_chain_is_chained_at_the_start() {
    let (world, shop) = World::owned().await;
    let change = |name: &str| Change {
        by: None,
        about: Person {
            id: None,
            name: name.to_owned(),
        },
        what: What::Invited { role: Role::Viewer },
        at: at(1),
    };
    let id = shop.w.id();
    let conn = Connection::open(world.data().join("chatai.db")).unwrap();
    for (number, name) in [(1, "a@shop.example"), (2, "b@shop.example")] {
        conn.execute(
            "INSERT INTO people_log (workspace_id, number, change, at) VALUES (?1, ?2, ?3, 1)",
            params![
                id.0.into_bytes(),
                number,
                serde_json::to_string(&change(name)).unwrap()
            ],
        )
        .unwrap();
    }
    drop(conn);
    let world = world.reopened().await;
    let w = world.store.workspace(id);
    let rows = w.audit(None, 10).await.unwrap();
    assert_eq!(rows.len(), 2);
    let change = change("b@shop.example");
    assert_eq!(rows[0].entry.deed, Deed::People { change });
    assert!(w.verify_audit().await.unwrap().is_whole());
    let world = world.reopened().await;
    let again = world.store.workspace(id).verify_audit().await.unwrap();
    assert_eq!((again.is_whole(), again.entries), (true, 2));
}

#[tokio::test]
async fn a_restored_backup_is_written_down_and_its_shorter_log_is_whole() {
    let (world, shop) = written().await;
    let id = shop.w.id();
    let backups = world.data().join("backups");
    let older = backups.join("older.chatai-backup");
    world.store.backup(&older, at(100)).await.unwrap();
    shop.w.note(entry(90)).await.unwrap();
    let newer = backups.join("newer.chatai-backup");
    world.store.backup(&newer, at(200)).await.unwrap();
    world.store.close().await.unwrap();
    store::Store::restore(&world.data(), &older, at(300)).unwrap();
    let world = world.reopened().await;
    let w = world.store.workspace(id);
    let rows = w.audit(None, 1).await.unwrap();
    let made_at = at(100);
    assert_eq!(rows[0].entry.deed, Deed::BackupRestored { made_at });
    let report = w.verify_audit().await.unwrap();
    assert!(report.is_whole(), "{report:?}");
    assert_eq!(
        (report.entries, report.backups),
        (u64::from(ENTRIES) + 1, 2)
    );
}

/// A million entries are read through in ten seconds: `SLOW=1`, in an optimised build.
#[tokio::test]
async fn a_long_log_is_read_through_in_seconds() {
    let entries: u32 = match std::env::var_os("SLOW") {
        Some(_) => 1_000_000,
        None => 2_000,
    };
    let (_world, shop) = World::owned().await;
    let mut written = 0;
    while written < entries {
        let some = (written..entries.min(written + 1_000)).map(entry).collect();
        written = entries.min(written + 1_000);
        shop.w
            .noting(some)
            .set_setting("general", written.to_string(), at(1))
            .await
            .unwrap();
    }
    let report = shop.w.verify_audit().await.unwrap();
    println!("{} entries in {} ms", report.entries, report.took_ms);
    assert!(report.is_whole(), "{report:?}");
    assert_eq!(report.entries, u64::from(entries));
}
