//! Damaged files: the database and its log (reliability.md R7), and the index (R6). Never silently: it is
//! found, said, and mended — the database by the newest good backup, the index by itself.

use std::fs;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::holding;
use crate::kill::copy_demo;
use crate::operations::{EMAIL, PASSWORD};
use crate::program::{Program, spread};
use crate::rounds::{Chance, figure, is_full, rounds};
use crate::web::{Client, Served};

const PAGE: u64 = 4_096;
const QUESTION: &str = "How much is the large inspection?";
/// Longest wait until damage is found by itself.
const FOUND: Duration = Duration::from_secs(30);

/// Where the overwriting hits.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Hit {
    Database,
    Log,
    Both,
}

/// What became of a damaged database.
#[derive(Debug, PartialEq)]
enum Became {
    /// The start refused it.
    Refused,
    /// It was found after the start, and writing stopped.
    Found,
    /// The page carried nothing, or the log's torn last commit was dropped: what is there is whole.
    Harmless,
}

#[test]
fn a_database_that_is_overwritten_is_never_used_silently_and_the_backup_comes_back() {
    let mut chance = Chance::told();
    let before = with_a_backup_and_a_log();
    let saved = rows(&before);
    let mut became: Vec<(Hit, Became)> = Vec::new();
    let (mut to_find, mut to_restore) = (Vec::new(), Vec::new());
    let (mut told, mut torn) = (0, 0_u64);
    for round in 0..rounds(6, 200) {
        let hit = [Hit::Database, Hit::Log, Hit::Both][round as usize % 3];
        let program = before.copied();
        let database = program.data().join("chatai.db");
        let log = program.data().join("chatai.db-wal");
        if hit != Hit::Log {
            overwrite(&database, &mut chance);
        }
        if hit != Hit::Database {
            overwrite(&log, &mut chance);
        }
        let served = Served::on(&program);
        let begun = Instant::now();
        let outcome = match served.is_listening() {
            false => Became::Refused,
            true => match found(&served) {
                Some(true) => {
                    to_find.push(begun.elapsed().as_millis());
                    Became::Found
                }
                Some(false) => Became::Harmless,
                None => Became::Refused,
            },
        };
        let complaint = served.complaint();
        assert!(
            !complaint.contains("panicked"),
            "round {round}: {complaint}"
        );
        match outcome {
            Became::Refused => {
                let ran = served.end().ended_with(5);
                assert!(
                    ran.complaint().contains("restore --latest"),
                    "{}",
                    ran.complaint()
                );
            }
            Became::Found => {
                assert!(complaint.contains("damaged"), "round {round}: {complaint}");
                served.end();
            }
            Became::Harmless => {
                served.end().ended_with(0);
                holding::is_sound(&program, &format!("round {round}, {hit:?}"));
                // Of the log the last commit alone may be taken for one that a power loss tore.
                let missing = saved - rows(&program);
                assert!(
                    missing <= 1,
                    "round {round}, {hit:?}: {missing} commits are silently gone"
                );
                torn += u64::from(missing > 0);
            }
        }
        if outcome != Became::Harmless {
            let begun = Instant::now();
            let restored = program
                .run(&["restore", "--latest", "--json"])
                .ended_with(0)
                .json();
            to_restore.push(begun.elapsed().as_millis());
            told += u64::from(restored["lost"].is_object());
            assert!(
                Path::new(restored["set_aside"].as_str().unwrap())
                    .join("chatai.db")
                    .exists(),
                "the broken files are kept: {restored}"
            );
            holding::is_sound(&program, &format!("round {round}, restored"));
            program.run(&["ask", QUESTION]).ended_with(0);
        }
        became.push((hit, outcome));
    }
    for outcome in [Became::Refused, Became::Found, Became::Harmless] {
        let of = |hit| {
            became
                .iter()
                .filter(|(h, b)| *h == hit && *b == outcome)
                .count()
        };
        figure(
            "R7",
            &format!("{outcome:?} (database, log, both)"),
            format!("{}, {}, {}", of(Hit::Database), of(Hit::Log), of(Hit::Both)),
        );
    }
    figure("R7", "overwritten at random", became.len());
    figure(
        "R7",
        "of the harmless: the log's last commit taken for torn",
        torn,
    );
    figure("R7", "from listening to writing refused", spread(to_find));
    figure("R7", "restore --latest", spread(to_restore));
    figure("R7", "restores that told what was lost in numbers", told);
    figure("R7", "silently used", 0);
}

/// Documents, a backup of them, questions after it, and a log as a kill leaves it.
fn with_a_backup_and_a_log() -> Program {
    let program = Program::new();
    let folder = program.beside("documents");
    fs::create_dir(&folder).unwrap();
    copy_demo(&folder);
    program
        .run(&["ingest", folder.to_str().unwrap()])
        .ended_with(0);
    let password = ["admin", "reset-password", EMAIL, "--password", PASSWORD];
    program.run(&password).ended_with(0);
    program.run(&["backup"]).ended_with(0);
    let served = Served::on(&program);
    let mut client = served.signed_in(EMAIL, PASSWORD).unwrap();
    for number in 0..40 {
        let pair = json!({ "questions": [format!("What is number {number}?")], "answer": format!("It is {number}.") });
        let reply = client.post("/api/qa", &pair).unwrap();
        assert!(reply.status < 300, "{}", reply.body);
    }
    served.kill();
    assert!(
        fs::metadata(program.data().join("chatai.db-wal"))
            .unwrap()
            .len()
            > 20 * PAGE
    );
    program
}

/// Approved answers that are there: each was one commit.
fn rows(program: &Program) -> i64 {
    let copy = program.copied();
    let conn = Connection::open(copy.data().join("chatai.db")).unwrap();
    conn.query_row("SELECT count(*) FROM qa", [], |row| row.get(0))
        .unwrap()
}

/// 4 KiB of chance at a random place.
fn overwrite(file: &Path, chance: &mut Chance) {
    let length = fs::metadata(file).unwrap().len();
    let at = chance.below(length - PAGE);
    let file = fs::File::options().write(true).open(file).unwrap();
    let bytes: Vec<u8> = (0..PAGE).map(|_| chance.below(256) as u8).collect();
    file.write_all_at(&bytes, at).unwrap();
}

/// True once the program found damage by itself and takes nothing in any more; false when it looked and there
/// was none; `None` when it ended.
fn found(served: &Served) -> Option<bool> {
    let begun = Instant::now();
    while begun.elapsed() < FOUND {
        // Damage is noted before it is said that everything was looked at.
        let looked = served.complaint().contains("read through");
        let ready = served.client().get("/api/ready").ok()?.status;
        if ready != 200 {
            takes_nothing_in(served);
            return Some(true);
        }
        if looked {
            return Some(false);
        }
        thread::sleep(Duration::from_millis(20));
    }
    panic!(
        "neither damage nor its absence was told: {}",
        served.complaint()
    );
}

/// Who can still sign in cannot write.
fn takes_nothing_in(served: &Served) {
    if let Ok(mut client) = served.signed_in(EMAIL, PASSWORD) {
        let pair = json!({ "questions": ["One more?"], "answer": "No." });
        let reply = client.post("/api/qa", &pair).unwrap();
        assert_ne!(reply.status / 100, 2, "{}", reply.body);
    }
}

#[test]
fn a_damaged_index_is_found_by_itself_and_built_anew_while_answers_go_on() {
    let mut chance = Chance::told();
    let before = Program::new();
    let folder = before.beside("documents");
    fs::create_dir(&folder).unwrap();
    copy_demo(&folder);
    before
        .run(&["ingest", folder.to_str().unwrap()])
        .ended_with(0);
    let password = ["admin", "reset-password", EMAIL, "--password", PASSWORD];
    before.run(&password).ended_with(0);
    let expected = found_by_words(&before);
    let (mut flips, mut rebuilt, mut removed) = (0, 0_u64, 0_u64);
    for round in 0..rounds(4, 60) {
        let program = before.copied();
        let index = index_of(&program);
        let how = match round % 4 {
            0 => {
                fs::remove_dir_all(&index).unwrap();
                removed += 1;
                "rm -rf".to_owned()
            }
            1 => {
                let file = any_file(&index, &mut chance);
                let length = fs::metadata(&file).unwrap().len();
                let file_handle = fs::File::options().write(true).open(&file).unwrap();
                file_handle.set_len(chance.below(length.max(1))).unwrap();
                format!("cut {}", file.display())
            }
            _ => {
                let file = any_file(&index, &mut chance);
                let mut bytes = fs::read(&file).unwrap();
                if bytes.is_empty() {
                    continue;
                }
                let at = chance.below(bytes.len() as u64) as usize;
                bytes[at] ^= 1 << chance.below(8);
                fs::write(&file, bytes).unwrap();
                flips += 1;
                format!("flip at {at} of {}", file.display())
            }
        };
        let served = Served::on(&program);
        let mut client = served.signed_in(EMAIL, PASSWORD).unwrap();
        assert_eq!(client.get("/api/documents").unwrap().status, 200, "{how}");
        let begun = Instant::now();
        while !served.complaint().contains("read through") {
            assert!(begun.elapsed() < FOUND, "{how}: {}", served.complaint());
            thread::sleep(Duration::from_millis(20));
        }
        let complaint = served.complaint();
        assert!(
            !complaint.contains("the database is damaged"),
            "{how}: {complaint}"
        );
        rebuilt +=
            u64::from(complaint.contains("built anew") || complaint.contains("starting empty"));
        // Whatever was hit: soon everything is found as before.
        let begun = Instant::now();
        while found_over(&mut client) != expected {
            assert!(begun.elapsed() < FOUND, "{how}: {}", served.complaint());
            thread::sleep(Duration::from_millis(20));
        }
        if how == "rm -rf" {
            // Once more, under the running program: the next change builds it anew.
            fs::remove_dir_all(&index).unwrap();
            let text = b"The weathercock is oiled in March.";
            assert_eq!(client.upload("cock.txt", text).unwrap().status, 202);
            let begun = Instant::now();
            let asked = json!({ "query": "when is the weathercock oiled", "limit": 1 });
            while !client
                .post("/api/search", &asked)
                .unwrap()
                .body
                .contains("in March")
            {
                assert!(begun.elapsed() < FOUND, "{how}: {}", served.complaint());
                thread::sleep(Duration::from_millis(20));
            }
        }
        served.end().ended_with(0);
        holding::is_sound(&program, &how);
        if how != "rm -rf" {
            assert_eq!(found_by_words(&program), expected, "{how}");
        }
    }
    figure(
        "R6",
        "program: indexes flipped, cut or removed",
        rounds(4, 60),
    );
    figure("R6", "program: of them flips", flips);
    figure("R6", "program: of them removed folders", removed);
    figure("R6", "program: said to be damaged", rebuilt);
    figure("R6", "program: wrong results in the end", 0);
}

const LOOKED_FOR: [&str; 4] = [
    "large inspection",
    "how long is the warranty",
    "доставка",
    "gift card",
];

fn found_by_words(program: &Program) -> Vec<Value> {
    LOOKED_FOR
        .iter()
        .map(|words| {
            let told = program
                .run(&["search", "--json", "--limit", "10", words])
                .ended_with(0)
                .json();
            passages(&told["hits"])
        })
        .collect()
}

fn found_over(client: &mut Client) -> Vec<Value> {
    LOOKED_FOR
        .iter()
        .map(|words| {
            let reply = client
                .post("/api/search", &json!({ "query": words, "limit": 10 }))
                .unwrap();
            passages(&reply.json()["hits"])
        })
        .collect()
}

fn passages(hits: &Value) -> Value {
    let hits = hits.as_array().into_iter().flatten();
    hits.map(|hit| hit["passage"]["id"].clone()).collect()
}

fn index_of(program: &Program) -> PathBuf {
    let mut workspaces = fs::read_dir(program.data().join("index")).unwrap();
    workspaces.next().unwrap().unwrap().path()
}

fn any_file(folder: &Path, chance: &mut Chance) -> PathBuf {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_none_or(|ending| ending != "lock"))
        .collect();
    files.sort();
    files.swap_remove(chance.below(files.len() as u64) as usize)
}

/// How fast an index is built anew from the database. Full runs only: it is a measurement.
#[test]
fn a_large_index_is_built_anew() {
    if !is_full() {
        return;
    }
    let mut chance = Chance::told();
    let program = Program::new();
    let folder = program.beside("documents");
    fs::create_dir(&folder).unwrap();
    for number in 0..800 {
        let words = (0..9_000).map(|_| format!("w{}", chance.below(20_000)));
        let text: Vec<String> = words.collect();
        let paragraphs: Vec<String> = text.chunks(60).map(|words| words.join(" ") + ".").collect();
        fs::write(
            folder.join(format!("{number}.txt")),
            paragraphs.join("\n\n"),
        )
        .unwrap();
    }
    program
        .run(&["ingest", folder.to_str().unwrap()])
        .ended_with(0);
    let begun = Instant::now();
    program.run(&["doctor"]).ended_with(0);
    let start = begun.elapsed();
    let begun = Instant::now();
    let told = program.run(&["reindex"]).ended_with(0).text();
    let took = begun.elapsed().saturating_sub(start).as_secs_f64();
    let passages: f64 = told.split(' ').next().unwrap().parse().unwrap();
    figure("R6", "passages of a large index built anew", passages);
    figure("R6", "passages a second", format!("{:.0}", passages / took));

    // Deleted, and served at once: what is asked meanwhile is answered as far as it goes.
    let password = ["admin", "reset-password", EMAIL, "--password", PASSWORD];
    program.run(&password).ended_with(0);
    fs::remove_dir_all(program.data().join("index")).unwrap();
    let served = Served::on(&program);
    let begun = Instant::now();
    let mut client = served.signed_in(EMAIL, PASSWORD).unwrap();
    let pair = json!({ "questions": ["Do you repair tubas?"], "answer": "On Mondays." });
    assert_eq!(client.post("/api/qa", &pair).unwrap().status, 201);
    let asked = json!({ "query": "w17 w4711", "limit": 5 });
    let first = client.post("/api/search", &asked).unwrap().json();
    let answered = crate::crowded::ask(&mut client, "Do you repair tubas?", "On Mondays");
    assert!(answered.contains("On Mondays"), "{answered}");
    let until_answered = begun.elapsed().as_millis();
    while client.post("/api/search", &asked).unwrap().json()["limited"] == "index_rebuilding" {
        assert!(begun.elapsed() < FOUND * 10, "it is never built");
        thread::sleep(Duration::from_millis(20));
    }
    figure(
        "R6",
        "first search on a deleted index says",
        &first["limited"],
    );
    figure(
        "R6",
        "ms until an approved answer came meanwhile",
        until_answered,
    );
    figure(
        "R6",
        "ms until searching was whole again",
        begun.elapsed().as_millis(),
    );
    served.end().ended_with(0);
    holding::is_sound(&program, "a deleted index");
}
