//! Backup and restore.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;

use store::Store;
use store::error::StoreError;

use crate::rounds::{Chance, figure, is_full, rounds};
use crate::world::{World, at, config_of};

fn file_in(world: &World, name: &str) -> PathBuf {
    world.folder.path().join(name)
}

#[tokio::test]
async fn a_backup_brings_everything_back_and_the_old_data_is_set_aside() {
    let (world, shop) = World::owned().await;
    let source = shop.source().await;
    let document = shop
        .ready(&world.store, source, "a.txt", "Tea\nGreen", at(1))
        .await;
    let said = shop.say("peer", "1", "Tea?", at(1)).await;
    shop.w
        .put_secret("key", b"0123456789abcdef".to_vec(), at(1))
        .await
        .unwrap();
    let counts = shop.w.counts().await.unwrap();
    let to = world.store.backups_folder().join("one.chatai-backup");
    let report = world.store.backup(&to, at(2)).await.unwrap();
    assert_eq!(report.manifest.rows["documents"], 1);
    assert_eq!(report.manifest.missing, Vec::<String>::new());
    let listed = world.store.backups().await.unwrap();
    assert_eq!((&listed[0].path, listed[0].made_at), (&to, at(2)));

    shop.w.remove_document(document.id, at(3)).await.unwrap();
    shop.w
        .remove_conversation(said.conversation_id, at(3))
        .await
        .unwrap();
    let id = shop.w.id();
    let World { folder, store } = world;
    drop((store, shop));
    let data = folder.path().join("data");
    std::fs::create_dir_all(data.join("index/some")).unwrap();
    let restored = Store::restore(&data, &to, at(4)).unwrap();
    assert_eq!(restored.manifest, report.manifest);
    assert!(restored.set_aside.unwrap().join("chatai.db").exists());
    assert!(!data.join("index").exists(), "the index is of another past");

    let store = Store::open(config_of(&folder), at(5)).unwrap();
    let w = store.workspace(id);
    assert_eq!(w.counts().await.unwrap(), counts);
    assert_eq!(w.document(document.id).await.unwrap(), document);
    let bytes = std::fs::read(store.file_path(&document.content_hash)).unwrap();
    assert_eq!(bytes, b"Tea\nGreen");
    assert_eq!(w.message(said.message_id).await.unwrap().text, "Tea?");
    assert!(w.secret("key").await.unwrap().is_some());
    assert_eq!(store.check().await.unwrap().problems, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_under_load_is_one_moment_and_keeps_no_writer_waiting() {
    let (world, shop) = World::owned().await;
    let source = shop.source().await;
    for number in 0..40 {
        let text = format!("{number} {}", "lorem ipsum ".repeat(2_000));
        shop.ready(
            &world.store,
            source,
            &format!("{number}.txt"),
            &text,
            at(number),
        )
        .await;
    }
    let stop = Arc::new(AtomicBool::new(false));
    let slowest_us = Arc::new(AtomicU64::new(0));
    let mut writers = Vec::new();
    for writer in 0..4 {
        let (shop, stop, slowest_us) = (shop.clone(), stop.clone(), slowest_us.clone());
        writers.push(tokio::spawn(async move {
            let mut said = 0;
            while !stop.load(Ordering::Relaxed) {
                let begun = Instant::now();
                shop.say(
                    &format!("peer {writer}"),
                    &said.to_string(),
                    "Tea?",
                    at(said),
                )
                .await;
                let took = u64::try_from(begun.elapsed().as_micros()).unwrap();
                slowest_us.fetch_max(took, Ordering::Relaxed);
                said += 1;
            }
        }));
    }
    let mut chance = Chance::told();
    let backups = rounds(5, 50);
    for number in 0..backups {
        let to = file_in(&world, &format!("{number}.chatai-backup"));
        // At another moment of the writing each time.
        tokio::time::sleep(std::time::Duration::from_millis(chance.below(20))).await;
        let report = world.store.backup(&to, at(100)).await.unwrap();
        let verified = tokio::task::spawn_blocking(move || {
            let verified = Store::verify_backup(&to);
            std::fs::remove_file(to).unwrap();
            verified
        });
        assert_eq!(verified.await.unwrap().unwrap(), report.manifest);
        // One moment: a message and its receipt are one commit.
        let rows = &report.manifest.rows;
        assert_eq!(rows["messages"], rows["receipts"]);
    }
    stop.store(true, Ordering::Relaxed);
    for writer in writers {
        writer.await.unwrap();
    }
    let slowest_ms = slowest_us.load(Ordering::Relaxed) / 1_000;
    figure(
        "R8",
        "backups under write load, each opened, whole, counts equal",
        backups,
    );
    figure("R8", "slowest of all writes beside them, ms", slowest_ms);
}

#[tokio::test]
async fn a_damaged_or_foreign_file_is_no_backup_and_touches_nothing() {
    let (world, shop) = World::owned().await;
    let source = shop.source().await;
    shop.ready(&world.store, source, "a.txt", "Tea", at(1))
        .await;
    let good = file_in(&world, "good.chatai-backup");
    world.store.backup(&good, at(2)).await.unwrap();
    let bytes = std::fs::read(&good).unwrap();
    let World { folder, store } = world;
    drop((store, shop));
    let data = folder.path().join("data");
    let before = hashes(&data);
    let bad = folder.path().join("bad.chatai-backup");
    let step = bytes.len() / 97 + 1;
    for at_byte in (0..bytes.len()).step_by(step) {
        let mut changed = bytes.clone();
        changed[at_byte] ^= 0x55;
        std::fs::write(&bad, changed).unwrap();
        // A byte that carries nothing (a time stamp in a zip's header) may be changed and all is still whole.
        if let Ok(manifest) = Store::verify_backup(&bad) {
            assert_eq!(manifest, Store::verify_backup(&good).unwrap());
        }
    }
    for length in [0, 10, bytes.len() / 2, bytes.len() - 1] {
        std::fs::write(&bad, &bytes[..length]).unwrap();
        let refused = Store::restore(&data, &bad, at(3));
        assert!(
            matches!(refused, Err(StoreError::BadBackup(_))),
            "{length}: {refused:?}"
        );
    }
    assert_eq!(hashes(&data), before);
}

#[tokio::test]
async fn a_backup_says_which_originals_were_missing() {
    let (world, shop) = World::owned().await;
    let source = shop.source().await;
    let document = shop
        .ready(&world.store, source, "a.txt", "Tea", at(1))
        .await;
    std::fs::write(world.store.file_path(&document.content_hash), "Tee").unwrap();
    let to = file_in(&world, "one.chatai-backup");
    let report = world.store.backup(&to, at(2)).await.unwrap();
    assert_eq!(report.manifest.missing, [document.content_hash]);
    Store::verify_backup(&to).unwrap();
}

#[tokio::test]
async fn nothing_is_restored_over_a_store_that_is_open() {
    let (world, _shop) = World::owned().await;
    let to = file_in(&world, "one.chatai-backup");
    world.store.backup(&to, at(1)).await.unwrap();
    let refused = Store::restore(&world.data(), &to, at(2));
    assert!(matches!(refused, Err(StoreError::Locked { .. })));
}

#[tokio::test]
async fn sessions_do_not_come_back_with_a_backup() {
    let (world, shop) = World::owned().await;
    let session = store::sessions::Session {
        id: domain::id::SessionId(crate::world::uuid()),
        member_id: shop.member_id,
        token_hash: [7; 32],
        created_at: at(0),
        last_seen_at: at(0),
        user_agent: String::new(),
        address: String::new(),
        kind: store::sessions::SessionKind::Browser,
    };
    world.store.create_session(session).await.unwrap();
    let to = file_in(&world, "one.chatai-backup");
    world.store.backup(&to, at(1)).await.unwrap();
    let fresh = tempfile::tempdir().unwrap();
    let restored = Store::restore(&fresh.path().join("data"), &to, at(2)).unwrap();
    assert_eq!(restored.set_aside, None);
    let store = Store::open(config_of(&fresh), at(3)).unwrap();
    assert!(store.session([7; 32], at(3)).await.unwrap().is_none());
    assert!(store.has_owner().await.unwrap());
}

#[tokio::test]
async fn the_newest_backup_that_is_whole_comes_back_and_what_is_lost_is_told() {
    let (world, shop) = World::owned().await;
    let source = shop.source().await;
    shop.ready(&world.store, source, "a.txt", "Tea", at(1))
        .await;
    let folder = world.store.backups_folder();
    let [old, good, bad] =
        ["old", "good", "bad"].map(|name| folder.join(format!("{name}.chatai-backup")));
    world.store.backup(&old, at(2)).await.unwrap();
    shop.ready(&world.store, source, "b.txt", "Coffee", at(3))
        .await;
    world.store.backup(&good, at(4)).await.unwrap();
    shop.ready(&world.store, source, "c.txt", "Cocoa", at(5))
        .await;
    shop.say("peer", "1", "Cocoa?", at(6)).await;
    world.store.backup(&bad, at(7)).await.unwrap();
    let mut bytes = std::fs::read(&bad).unwrap();
    let middle = bytes.len() / 3;
    bytes[middle] ^= 0x55;
    std::fs::write(&bad, bytes).unwrap();
    // A copy that was made before an upgrade is older than all of them.
    let id = shop.w.id();
    let World {
        folder: place,
        store,
    } = world;
    drop((store, shop));
    let data = place.path().join("data");
    let restored = Store::restore_latest(&data, at(8)).unwrap();
    assert_eq!(restored.from, good);
    assert_eq!(restored.passed_over[0].0, bad);
    let lost = restored.lost.unwrap();
    assert_eq!(lost.last_change, Some(at(6)));
    assert_eq!((lost.rows["documents"], lost.rows["messages"]), (1, 1));
    let store = Store::open(config_of(&place), at(9)).unwrap();
    assert_eq!(store.workspace(id).counts().await.unwrap().ready, 2);
    store.close().await.unwrap();

    // A bare database is restored too, and the originals stay where they are.
    drop(store);
    for file in [&good, &old, &bad] {
        std::fs::remove_file(file).unwrap();
    }
    let none = Store::restore_latest(&data, at(10));
    assert!(matches!(none, Err(StoreError::BadBackup(_))), "{none:?}");
    let copy = folder_copy(&data);
    let restored = Store::restore_latest(&data, at(11)).unwrap();
    assert_eq!((restored.from, restored.manifest.made_at), (copy, at(1)));
    let store = Store::open(config_of(&place), at(12)).unwrap();
    let w = store.workspace(id);
    assert_eq!(w.counts().await.unwrap().ready, 2);
    assert_eq!(store.check().await.unwrap().problems, Vec::<String>::new());
}

/// The database as a migration copies it.
fn folder_copy(data: &Path) -> PathBuf {
    let copy = data.join(format!("backups/before-schema-2-{}.db", at(1).0));
    std::fs::copy(data.join("chatai.db"), &copy).unwrap();
    copy
}

/// A large backup is restored: how long that takes is a figure. Full runs only: it needs 4 GB of disk.
#[tokio::test]
async fn a_gibibyte_comes_back() {
    if !is_full() {
        return;
    }
    let (world, shop) = World::owned().await;
    let source = shop.source().await;
    let mut chance = Chance::told();
    for number in 0..64 {
        let piece: Vec<u8> = (0..64 * 1024).map(|_| chance.below(256) as u8).collect();
        let mut bytes = Vec::with_capacity(16 << 20);
        while bytes.len() < 16 << 20 {
            bytes.extend(&piece);
        }
        bytes.extend(number.to_string().as_bytes());
        let new = store::documents::NewDocument {
            id: domain::id::DocumentId(crate::world::uuid()),
            source_id: source,
            name: format!("{number}.bin"),
            media_type: "application/octet-stream".to_owned(),
            file: world
                .store
                .put_file(std::io::Cursor::new(bytes), 32 << 20)
                .await
                .unwrap(),
            job_id: domain::id::JobId(crate::world::uuid()),
        };
        shop.w.add_document(new, at(number)).await.unwrap();
    }
    let to = file_in(&world, "large.chatai-backup");
    let report = world.store.backup(&to, at(100)).await.unwrap();
    let fresh = tempfile::tempdir().unwrap();
    let begun = Instant::now();
    Store::restore(&fresh.path().join("data"), &to, at(101)).unwrap();
    let took = begun.elapsed().as_secs_f64();
    figure("R8", "bytes of a large backup", report.bytes);
    figure(
        "R8",
        "seconds to make and verify it",
        format!("{:.1}", report.took_ms as f64 / 1e3),
    );
    figure(
        "R8",
        "seconds to verify and restore it",
        format!("{took:.1}"),
    );
}

/// Every file of a folder but its lock, with its bytes.
pub fn hashes(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(hashes(&path));
        } else if path.file_name().unwrap() != "lock" {
            let bytes = std::fs::read(&path).unwrap();
            files.push((path, bytes));
        }
    }
    files.sort();
    files
}
