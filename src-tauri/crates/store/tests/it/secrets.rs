//! Secrets at rest.

use std::path::Path;

use store::error::StoreError;
use store::{MasterKey, Store, StoreConfig, Workspace};

use crate::world::{World, at};

pub const PLANTED: &str = "sk-planted-0123456789-canary-LAST";

pub async fn plant(w: &Workspace, name: &str) {
    w.put_secret(name, PLANTED.as_bytes().to_vec(), at(1))
        .await
        .unwrap();
}

/// True when a file in the folder has these bytes.
pub fn anywhere(folder: &Path, needle: &[u8]) -> bool {
    std::fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            return anywhere(&path, needle);
        }
        let bytes = std::fs::read(path).unwrap();
        bytes.windows(needle.len()).any(|window| window == needle)
    })
}

#[tokio::test]
async fn a_secret_comes_back_and_its_hint_is_its_end() {
    let (_world, shop) = World::owned().await;
    plant(&shop.w, "remote.key").await;
    let secret = shop.w.secret("remote.key").await.unwrap().unwrap();
    assert_eq!(secret, PLANTED.as_bytes());
    let hint = shop.w.secret_hint("remote.key").await.unwrap();
    assert_eq!(hint.as_deref(), Some("LAST"));
    shop.w
        .put_secret("short", b"12345678901".to_vec(), at(2))
        .await
        .unwrap();
    let hint = shop.w.secret_hint("short").await.unwrap();
    assert_eq!(hint.as_deref(), Some(""));
    for _ in 0..2 {
        shop.w.remove_secret("remote.key", at(3)).await.unwrap();
    }
    assert_eq!(shop.w.secret("remote.key").await.unwrap(), None);
}

#[tokio::test]
async fn planted_secrets_and_keys_are_in_no_file_of_the_data_folder() {
    let (world, shop) = World::owned().await;
    for number in 0..50 {
        plant(&shop.w, &format!("secret {number}")).await;
    }
    let backup = world.store.backups_folder().join("one.chatai-backup");
    world.store.backup(&backup, at(2)).await.unwrap();
    shop.w.remove_secret("secret 7", at(3)).await.unwrap();
    let key = std::fs::read_to_string(world.folder.path().join("keys/master.key")).unwrap();
    let unpacked = tempfile::tempdir().unwrap();
    Store::restore(unpacked.path(), &backup, at(4)).unwrap();
    for folder in [world.data(), unpacked.path().to_owned()] {
        assert!(!anywhere(&folder, PLANTED.as_bytes()));
        assert!(!anywhere(&folder, key.trim().as_bytes()));
        let raw = hex::decode(key.trim()).unwrap();
        assert!(!anywhere(&folder, &raw));
    }
}

#[tokio::test]
async fn a_changed_byte_or_a_moved_row_is_refused() {
    let (world, shop) = World::owned().await;
    plant(&shop.w, "a").await;
    shop.w
        .put_secret("b", b"another secret".to_vec(), at(1))
        .await
        .unwrap();
    let conn = rusqlite::Connection::open(world.data().join("chatai.db")).unwrap();
    let sealed: Vec<u8> = conn
        .query_row("SELECT sealed FROM secrets WHERE name = 'a'", [], |row| {
            row.get(0)
        })
        .unwrap();
    for at_byte in 0..sealed.len() {
        let mut changed = sealed.clone();
        changed[at_byte] ^= 1;
        conn.execute("UPDATE secrets SET sealed = ?1 WHERE name = 'a'", [changed])
            .unwrap();
        let refused = shop.w.secret("a").await;
        assert!(matches!(refused, Err(StoreError::Secret)), "byte {at_byte}");
    }
    conn.execute("UPDATE secrets SET sealed = ?1 WHERE name = 'a'", [sealed])
        .unwrap();
    assert!(shop.w.secret("a").await.unwrap().is_some());
    conn.execute_batch(
        "UPDATE secrets SET name = 'c' WHERE name = 'a';
         UPDATE secrets SET name = 'a' WHERE name = 'b';
         UPDATE secrets SET name = 'b' WHERE name = 'c';",
    )
    .unwrap();
    for name in ["a", "b"] {
        let refused = shop.w.secret(name).await;
        assert!(matches!(refused, Err(StoreError::Secret)));
    }
    let unreadable = world.store.unreadable_secrets().await.unwrap();
    assert_eq!(unreadable.len(), 2);
}

/// The full number where `SLOW` is set, as security.md C15 has it.
fn rounds(short: u64, full: u64) -> u64 {
    match std::env::var_os("SLOW") {
        Some(_) => full,
        None => short,
    }
}

/// Numbers that look random and are the same in every run (SplitMix64).
fn numbers() -> impl Iterator<Item = usize> {
    let mut state = 0x5eed_u64;
    std::iter::repeat_with(move || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) >> 33).unwrap()
    })
}

#[tokio::test]
async fn every_flipped_bit_and_every_swapped_row_is_refused() {
    let (world, shop) = World::owned().await;
    for number in 0..20 {
        let secret = format!("{PLANTED}-{number}").into_bytes();
        shop.w
            .put_secret(&format!("{number}"), secret, at(1))
            .await
            .unwrap();
    }
    let conn = rusqlite::Connection::open(world.data().join("chatai.db")).unwrap();
    let mut numbers = numbers();
    let mut below = move |limit: usize| numbers.next().unwrap() % limit;
    let read = |name: &str| -> (Vec<u8>, Vec<u8>) {
        conn.query_row(
            "SELECT nonce, sealed FROM secrets WHERE name = ?1",
            [name],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .unwrap()
    };
    let write = |name: &str, (nonce, sealed): &(Vec<u8>, Vec<u8>)| {
        conn.execute(
            "UPDATE secrets SET nonce = ?2, sealed = ?3 WHERE name = ?1",
            (name, nonce, sealed),
        )
        .unwrap();
    };
    for _ in 0..rounds(150, 10_000) {
        let name = below(20).to_string();
        let kept = read(&name);
        let mut flipped = kept.clone();
        let at_byte = below(24 + flipped.1.len());
        let byte = match at_byte {
            0..24 => &mut flipped.0[at_byte],
            _ => &mut flipped.1[at_byte - 24],
        };
        *byte ^= 1 << below(8);
        write(&name, &flipped);
        let refused = shop.w.secret(&name).await;
        assert!(matches!(refused, Err(StoreError::Secret)), "byte {at_byte}");
        write(&name, &kept);
    }
    for _ in 0..rounds(50, 1_000) {
        let one = below(20);
        let other = (one + 1 + below(19)) % 20;
        let (one, other) = (one.to_string(), other.to_string());
        let kept = (read(&one), read(&other));
        write(&one, &kept.1);
        write(&other, &kept.0);
        for name in [&one, &other] {
            let refused = shop.w.secret(name).await;
            assert!(matches!(refused, Err(StoreError::Secret)));
        }
        write(&one, &kept.0);
        write(&other, &kept.1);
    }
    assert_eq!(world.store.unreadable_secrets().await.unwrap(), []);
}

#[tokio::test]
async fn without_the_master_key_old_secrets_stay_closed_and_new_ones_work() {
    let (world, shop) = World::owned().await;
    plant(&shop.w, "old").await;
    let id = shop.w.id();
    world.store.close().await.unwrap();
    let World { folder, store } = world;
    drop((store, shop));
    let elsewhere = folder.path().join("other/master.key");
    let config = StoreConfig {
        data: folder.path().join("data"),
        master_key: MasterKey::File(elsewhere.clone()),
    };
    let store = Store::open(config.clone(), at(2)).unwrap();
    let w = store.workspace(id);
    assert!(
        !elsewhere.exists(),
        "a mistaken path must not make a new key"
    );
    assert!(matches!(w.secret("old").await, Err(StoreError::Secret)));
    let unreadable = store.unreadable_secrets().await.unwrap();
    assert_eq!(unreadable, [(id, "old".to_owned())]);
    plant(&w, "new").await;
    plant(&w, "old").await;
    assert_eq!(store.unreadable_secrets().await.unwrap(), []);
    drop((store, w));
    let store = Store::open(config, at(3)).unwrap();
    let secret = store.workspace(id).secret("new").await.unwrap().unwrap();
    assert_eq!(secret, PLANTED.as_bytes());
}

#[tokio::test]
async fn a_master_key_in_the_data_folder_is_called_weak_and_is_not_backed_up() {
    let folder = tempfile::tempdir().unwrap();
    let config = StoreConfig {
        data: folder.path().join("data"),
        master_key: MasterKey::DataFolder,
    };
    let store = Store::open(config, at(0)).unwrap();
    assert!(store.key_place().await.unwrap().weak());
    assert!(folder.path().join("data/master.key").exists());
    let backup = folder.path().join("one.chatai-backup");
    let report = store.backup(&backup, at(1)).await.unwrap();
    let entries: Vec<_> = report.manifest.sha256.keys().collect();
    assert_eq!(entries, ["chatai.db"]);
}
