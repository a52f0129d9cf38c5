//! Killed in the middle of writing: nothing that was confirmed is lost, nothing is half.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use domain::job::Lane;
use store::documents::Added;
use store::{MasterKey, Store, StoreConfig};

use crate::rounds::rounds;
use crate::world::{Shop, answer, at, lease, new_owner, read_done};

/// Where the child works; only the child has it.
const FOLDER: &str = "CHATAI_STORE_CHILD_FOLDER";

fn config(folder: &std::path::Path) -> StoreConfig {
    StoreConfig {
        data: folder.join("data"),
        master_key: MasterKey::File(folder.join("master.key")),
    }
}

/// The child: writes and says what was confirmed, until it is killed. As an ordinary test it does nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_child_writes_until_it_is_killed() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    let store = Store::open(config(folder.as_ref()), at(0)).unwrap();
    let (workspace, _) = store.workspaces().await.unwrap()[0].clone();
    let member_id = store.members(workspace).await.unwrap()[0].id;
    let w = store.workspace(workspace);
    let assistant_id = w.assistants().await.unwrap()[0].id;
    let shop = Shop {
        w,
        assistant_id,
        member_id,
    };
    let source = shop.w.sources().await.unwrap()[0].source.id;
    let run = std::process::id();
    for number in 0_i64.. {
        let external_id = format!("{run}-{number}");
        let said = shop.say("peer", &external_id, "Tea?", at(number)).await;
        println!("said {}", said.message_id);
        let name = format!("{}.txt", number % 7);
        let text = format!("Tea {run} {number}\n{}", "more\n".repeat(20));
        if let Added::New(document) = shop.add(&store, source, &name, &text, at(number)).await
            && let Some(held) = lease(&store, Lane::Read, at(number)).await
        {
            let domain::job::Task::Read { document_id } = held.job.task else {
                panic!("another lane");
            };
            let done = read_done(document_id, &text);
            let _ = shop
                .w
                .document_read(&held, document_id, done, at(number))
                .await;
            println!("added {}", document.id);
        }
        if let Some(held) = lease(&store, Lane::Answer, at(number)).await {
            let waiting = shop.w.unanswered(said.conversation_id).await.unwrap();
            let waiting: Vec<_> = waiting.iter().map(|message| message.id).collect();
            let commit = answer(said.conversation_id, &waiting);
            let id = commit.message_id;
            match shop.w.commit_answer(&held, commit, at(number)).await {
                Ok(_) => println!("answered {id}"),
                Err(_) => drop(store.finish_job(&held).await),
            }
        }
    }
}

#[tokio::test]
async fn a_kill_loses_nothing_that_was_confirmed_and_leaves_nothing_half() {
    let kills = rounds(6, 100);
    let folder = tempfile::tempdir().unwrap();
    {
        let store = Store::open(config(folder.path()), at(0)).unwrap();
        let owner = new_owner("owner@example.org");
        let shop = Shop {
            w: store.workspace(owner.workspace_id),
            assistant_id: owner.assistant.id,
            member_id: owner.member.id,
        };
        store.first_owner(owner, at(0)).await.unwrap();
        shop.source().await;
    }
    let mut confirmed = Vec::new();
    for kill in 0..kills {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "kill::a_child_writes_until_it_is_killed",
                "--nocapture",
            ])
            .env(FOLDER, folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut wanted = 5 + kill * 7 % 60;
        for line in lines.map_while(Result::ok) {
            if let Some((what, id)) = line.rsplit_once(' ')
                && matches!(what.rsplit(' ').next(), Some("said" | "answered"))
            {
                confirmed.push(id.to_owned());
                wanted -= 1;
            }
            if wanted == 0 {
                break;
            }
        }
        child.kill().unwrap();
        child.wait().unwrap();
        whole(folder.path(), &confirmed).await;
    }
}

async fn whole(folder: &std::path::Path, confirmed: &[String]) {
    let store = Store::open(config(folder), at(0)).unwrap();
    assert_eq!(store.check().await.unwrap().problems, Vec::<String>::new());
    let (workspace, _) = store.workspaces().await.unwrap()[0].clone();
    let w = store.workspace(workspace);
    for id in confirmed {
        w.message(id.parse().unwrap()).await.unwrap();
    }
    let conn = rusqlite::Connection::open(folder.join("data/chatai.db")).unwrap();
    holds(&conn);
    let mut hashes = conn.prepare("SELECT content_hash FROM documents").unwrap();
    let hashes = hashes.query_map([], |row| row.get::<_, String>(0)).unwrap();
    for hash in hashes {
        assert!(store.file_path(&hash.unwrap()).exists());
    }
}

/// Every query of the invariants that are shared with the tests of the program counts nothing.
pub fn holds(conn: &rusqlite::Connection) {
    for query in include_str!("../../../testkit/shared/invariants.sql").split(";\n") {
        let (comments, lines): (Vec<&str>, Vec<&str>) =
            query.lines().partition(|line| line.starts_with("--"));
        let sql = lines.join("\n");
        if sql.trim().is_empty() {
            continue;
        }
        let count: i64 = conn.query_row(&sql, [], |row| row.get(0)).unwrap();
        assert_eq!(count, 0, "{comments:?}");
    }
}
