//! A new data key for all secrets, cut off anywhere.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use store::{MasterKey, Store, StoreConfig};

use crate::world::{World, at, new_owner};

/// Where the child works; only the child has it.
const FOLDER: &str = "CHATAI_ROTATING_CHILD_FOLDER";

fn config(folder: &Path) -> StoreConfig {
    StoreConfig {
        data: folder.join("data"),
        master_key: MasterKey::File(folder.join("master.key")),
    }
}

#[tokio::test]
async fn a_rotation_leaves_one_key_and_every_secret_readable() {
    let (world, shop) = World::owned().await;
    for number in 0..600 {
        let secret = format!("secret {number}").into_bytes();
        let name = number.to_string();
        shop.w.put_secret(&name, secret, at(1)).await.unwrap();
    }
    assert_eq!(world.store.rotate_data_key(at(2)).await.unwrap(), 600);
    assert_eq!(world.store.finish_rotation().await.unwrap(), 0);
    assert_eq!(world.store.unreadable_secrets().await.unwrap(), []);
    let conn = rusqlite::Connection::open(world.data().join("chatai.db")).unwrap();
    let keys: Vec<u32> = conn
        .prepare("SELECT version FROM data_keys")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert_eq!(keys, [2]);
    let world = world.reopened().await;
    let w = world.store.workspace(shop.w.id());
    assert_eq!(w.secret("577").await.unwrap().unwrap(), b"secret 577");
}

/// The child: rotates until it is killed. As an ordinary test it does nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_child_rotates_until_it_is_killed() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    let store = Store::open(config(folder.as_ref()), at(0)).unwrap();
    for second in 0.. {
        println!("begins");
        store.rotate_data_key(at(second)).await.unwrap();
    }
}

#[tokio::test]
async fn a_kill_in_the_middle_of_a_rotation_loses_no_secret() {
    let (kills, secrets) = match std::env::var_os("SLOW") {
        Some(_) => (20, 10_000),
        None => (4, 600),
    };
    let folder = tempfile::tempdir().unwrap();
    let owner = new_owner("owner@example.org");
    let id = owner.workspace_id;
    {
        let store = Store::open(config(folder.path()), at(0)).unwrap();
        store.first_owner(owner, at(0)).await.unwrap();
        store.new_recovery_code(at(0)).await.unwrap();
        let w = store.workspace(id);
        for number in 0..secrets {
            let secret = format!("secret {number}").into_bytes();
            w.put_secret(&number.to_string(), secret, at(0))
                .await
                .unwrap();
        }
        store.close().await.unwrap();
    }
    for kill in 0..kills {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "rotation::a_child_rotates_until_it_is_killed",
                "--nocapture",
            ])
            .env(FOLDER, folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let begun = lines
            .map_while(Result::ok)
            .filter(|line| line.contains("begins"))
            .take(1 + kill % 3);
        assert!(begun.count() > 0);
        child.kill().unwrap();
        child.wait().unwrap();
        let store = Store::open(config(folder.path()), at(1)).unwrap();
        assert_eq!(store.unreadable_secrets().await.unwrap(), [], "kill {kill}");
        store.finish_rotation().await.unwrap();
        assert_eq!(store.unreadable_secrets().await.unwrap(), [], "kill {kill}");
        let w = store.workspace(id);
        let last = (secrets - 1).to_string();
        let secret = w.secret(&last).await.unwrap().unwrap();
        assert_eq!(secret, format!("secret {last}").into_bytes());
        assert!(store.recovery().await.unwrap().holds);
        store.close().await.unwrap();
    }
}
