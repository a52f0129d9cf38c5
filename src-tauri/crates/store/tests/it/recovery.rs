//! The recovery code, and the master key in a keychain.

use std::path::Path;
use std::sync::{Arc, Mutex, mpsc};

use store::error::StoreError;
use store::recovery::RecoveryCode;
use store::restore::Opening;
use store::{KeyPlace, Keychain, MasterKey, Store, StoreConfig};

use crate::secrets::{PLANTED, anywhere, plant};
use crate::world::{World, at, new_owner};

/// A keychain in memory.
fn keychain() -> (Keychain, Arc<Mutex<Option<String>>>) {
    let entry = Arc::new(Mutex::new(None));
    let (read, keep) = (entry.clone(), entry.clone());
    let keychain = Keychain {
        read: Arc::new(move || Ok(read.lock().unwrap().clone())),
        keep: Arc::new(move |text| {
            *keep.lock().unwrap() = Some(text.to_owned());
            Ok(())
        }),
    };
    (keychain, entry)
}

fn failing(why: &str) -> Keychain {
    let (read, keep) = (why.to_owned(), why.to_owned());
    Keychain {
        read: Arc::new(move || Err(read.clone())),
        keep: Arc::new(move |_| Err(keep.clone())),
    }
}

fn opening(folder: &Path, code: Option<&RecoveryCode>) -> Opening {
    Opening {
        master_key: MasterKey::File(folder.join("another/master.key")),
        code: code.cloned(),
        entry: None,
    }
}

fn config(data: &Path, master_key: MasterKey) -> StoreConfig {
    StoreConfig {
        data: data.to_owned(),
        master_key,
    }
}

#[tokio::test]
async fn on_another_computer_the_code_of_its_time_opens_a_backups_secrets() {
    let (world, shop) = World::owned().await;
    plant(&shop.w, "before the code").await;
    let old = world.store.new_recovery_code(at(1)).await.unwrap();
    let first = world.folder.path().join("1.chatai-backup");
    world.store.backup(&first, at(2)).await.unwrap();
    let code = world.store.new_recovery_code(at(3)).await.unwrap();
    plant(&shop.w, "after the code").await;
    assert!(world.store.rotate_data_key(at(4)).await.unwrap() > 0);
    let second = world.folder.path().join("2.chatai-backup");
    world.store.backup(&second, at(5)).await.unwrap();
    let names = ["after the code".to_owned(), "before the code".to_owned()];

    let there = tempfile::tempdir().unwrap();
    let data = there.path().join("data");
    let without = opening(there.path(), None);
    let report = Store::restore_opening(&data, &second, &without, at(6)).unwrap();
    assert_eq!(report.closed, names, "they are to be entered again");

    let with_old = opening(there.path(), Some(&old));
    let refused = Store::restore_opening(&data, &second, &with_old, at(7));
    assert!(matches!(refused, Err(StoreError::WrongCode)));
    assert!(!data.join("before-restore-1800000007000000").exists());
    let report = Store::restore_opening(&data, &first, &with_old, at(8)).unwrap();
    assert!(
        report.closed.is_empty(),
        "the old backup opens with the old code"
    );

    let with_code = opening(there.path(), Some(&code));
    let report = Store::restore_opening(&data, &second, &with_code, at(9)).unwrap();
    assert!(report.closed.is_empty());
    let store = Store::open(config(&data, with_code.master_key), at(10)).unwrap();
    let w = store.workspace(shop.w.id());
    for name in &names {
        assert_eq!(w.secret(name).await.unwrap().unwrap(), PLANTED.as_bytes());
    }
    let recovery = store.recovery().await.unwrap();
    assert!(recovery.holds, "the code goes on being the one");
    plant(&w, "made here").await;
    let third = there.path().join("3.chatai-backup");
    store.backup(&third, at(11)).await.unwrap();
    let again = tempfile::tempdir().unwrap();
    let opening = opening(again.path(), Some(&code));
    let report = Store::restore_opening(&again.path().join("d"), &third, &opening, at(12)).unwrap();
    assert!(report.closed.is_empty());
    let letters = code.grouped();
    for folder in [world.data(), data, again.path().to_owned()] {
        assert!(!anywhere(&folder, letters.as_bytes()), "it is kept nowhere");
        assert!(!anywhere(&folder, letters.replace('-', "").as_bytes()));
    }
}

#[tokio::test]
async fn a_code_opens_the_secrets_of_a_store_that_runs() {
    let (world, shop) = World::owned().await;
    plant(&shop.w, "a").await;
    let code = world.store.new_recovery_code(at(1)).await.unwrap();
    let id = shop.w.id();
    world.store.close().await.unwrap();
    let World { folder, store } = world;
    drop((store, shop));
    let elsewhere = MasterKey::File(folder.path().join("other/master.key"));
    let data = folder.path().join("data");
    let store = Store::open(config(&data, elsewhere.clone()), at(2)).unwrap();
    assert!(!store.recovery().await.unwrap().holds);
    assert_eq!(store.unreadable_secrets().await.unwrap().len(), 1);
    let foreign = World::new();
    let wrong = foreign.store.new_recovery_code(at(1)).await.unwrap();
    let refused = store.open_with_code(wrong, at(3)).await;
    assert!(matches!(refused, Err(StoreError::WrongCode)));
    assert_eq!(store.open_with_code(code.clone(), at(4)).await.unwrap(), 1);
    assert_eq!(store.open_with_code(code, at(5)).await.unwrap(), 0);
    store.close().await.unwrap();
    drop(store);
    let store = Store::open(config(&data, elsewhere), at(6)).unwrap();
    let secret = store.workspace(id).secret("a").await.unwrap();
    assert_eq!(secret.unwrap(), PLANTED.as_bytes());
    assert!(store.recovery().await.unwrap().holds);
}

#[tokio::test]
async fn the_master_key_lies_in_the_keychain_where_one_answers() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let file = folder.path().join("config/master.key");
    let (keychain, entry) = keychain();
    let place = MasterKey::Keychain(keychain, file.clone());
    let owner = new_owner("owner@example.org");
    let id = owner.workspace_id;
    {
        let store = Store::open(config(&data, place.clone()), at(0)).unwrap();
        store.first_owner(owner, at(0)).await.unwrap();
        assert!(
            entry.lock().unwrap().is_none(),
            "not before there is a secret"
        );
        plant(&store.workspace(id), "a").await;
        assert_eq!(store.key_place().await.unwrap(), KeyPlace::Keychain);
        assert!(!file.exists());
        store.close().await.unwrap();
    }
    let key = entry.lock().unwrap().clone().unwrap();
    assert!(!anywhere(folder.path(), key.as_bytes()));
    {
        let store = Store::open(config(&data, place.clone()), at(1)).unwrap();
        let secret = store.workspace(id).secret("a").await.unwrap();
        assert_eq!(secret.unwrap(), PLANTED.as_bytes());
        store.close().await.unwrap();
    }
    // The keychain is away for once: old secrets are closed, new ones get a key in the file.
    let away = MasterKey::Keychain(failing("nobody is at home"), file.clone());
    {
        let store = Store::open(config(&data, away), at(2)).unwrap();
        let w = store.workspace(id);
        assert!(matches!(w.secret("a").await, Err(StoreError::Secret)));
        plant(&w, "b").await;
        let instead = KeyPlace::FileInstead(file.clone(), "nobody is at home".to_owned());
        assert_eq!(store.key_place().await.unwrap(), instead);
        store.close().await.unwrap();
    }
    // It is back: both open.
    let store = Store::open(config(&data, place), at(3)).unwrap();
    assert_eq!(store.unreadable_secrets().await.unwrap(), []);
    assert_eq!(store.key_place().await.unwrap(), KeyPlace::File(file));
}

#[tokio::test]
async fn a_keychain_that_hangs_keeps_nobody_waiting_for_long() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config/master.key");
    let (_never, waiting) = mpsc::channel::<()>();
    let waiting = Arc::new(Mutex::new(waiting));
    let asked = Arc::new(Mutex::new(0));
    let count = asked.clone();
    let hanging = Keychain {
        read: Arc::new(move || {
            *count.lock().unwrap() += 1;
            let _ = waiting.lock().unwrap().recv();
            Ok(None)
        }),
        keep: Arc::new(|_| Ok(())),
    };
    let place = MasterKey::Keychain(hanging, file.clone());
    let store = Store::open(config(&folder.path().join("data"), place), at(0)).unwrap();
    let owner = new_owner("owner@example.org");
    let w = store.workspace(owner.workspace_id);
    store.first_owner(owner, at(0)).await.unwrap();
    plant(&w, "a").await;
    plant(&w, "b").await;
    assert_eq!(
        *asked.lock().unwrap(),
        1,
        "it is given up after one silence"
    );
    let found = store.key_place().await.unwrap();
    assert!(matches!(found, KeyPlace::FileInstead(found, _) if found == file));
    assert!(w.secret("a").await.unwrap().is_some());
}
