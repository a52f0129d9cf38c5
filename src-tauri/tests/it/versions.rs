//! Data of other versions: newer data is refused and not touched (reliability.md R15), data of every released
//! version is brought to the newest (R14).

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use crate::holding;
use crate::program::{Program, demo_files};
use crate::rounds::figure;

const QUESTION: &str = "How much is the large inspection?";

#[test]
fn newer_data_is_refused_untouched_and_the_backup_of_before_comes_back() {
    let program = Program::new();
    let leaflet = demo_files().join("Workshop leaflet.pdf");
    program
        .run(&["ingest", leaflet.to_str().unwrap()])
        .ended_with(0);
    let answer = program
        .run(&["ask", "--json", QUESTION])
        .ended_with(0)
        .json();
    let database = program.data().join("chatai.db");
    let backups = program.data().join("backups");
    fs::create_dir_all(&backups).unwrap();
    // What an upgrade makes before it touches anything: a verified copy. Then the newer version writes on.
    let copy = backups.join("before-schema-999-1700000000000000.db");
    fs::copy(&database, &copy).unwrap();
    let conn = Connection::open(&database).unwrap();
    conn.execute_batch(
        "CREATE TABLE of_the_future (id INTEGER PRIMARY KEY) STRICT; PRAGMA user_version = 999;",
    )
    .unwrap();
    conn.close().unwrap();
    let before = bytes_of(&program.data());
    let commands: [&[&str]; 6] = [
        &["serve", "--listen", "127.0.0.1:0"],
        &["ask", QUESTION],
        &["ingest", leaflet.to_str().unwrap()],
        &["doctor", "--deep"],
        &["backup"],
        &["reindex"],
    ];
    for command in commands {
        let ran = program.run(command).ended_with(5);
        let said = ran.complaint();
        for word in ["newer version", "schema 999", "restore --latest"] {
            assert!(said.contains(word), "{command:?}: {said}");
        }
        assert!(
            bytes_of(&program.data()) == before,
            "{command:?} changed a byte"
        );
    }
    let told = program
        .run(&["restore", "--latest", "--json"])
        .ended_with(0)
        .json();
    assert_eq!(told["from"], copy.to_str().unwrap(), "{told}");
    holding::is_sound(&program, "going back");
    let again = program
        .run(&["ask", "--json", QUESTION])
        .ended_with(0)
        .json();
    assert_eq!(answer["answer"], again["answer"]);
    figure(
        "R15",
        "commands refused on newer data, no byte changed",
        commands.len(),
    );
    figure(
        "R15",
        "restore --latest brings the copy of before the upgrade back",
        "yes",
    );
}

/// Every file of a folder but its lock, with its bytes.
fn bytes_of(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(bytes_of(&path));
        } else if path.file_name().unwrap() != "lock" {
            let bytes = fs::read(&path).unwrap();
            files.push((path, bytes));
        }
    }
    files.sort();
    files
}

/// Backups that released versions made. A new schema gets one of its own, before it changes again:
/// `chatai ingest "assets/demo/files/Workshop leaflet.pdf"`, `chatai ask "How much is the large inspection?"`,
/// `chatai backup src-tauri/tests/data/schema-N.chatai-backup`.
const GOLDEN: &str = "tests/data";

#[test]
fn data_of_every_schema_is_brought_to_the_newest_and_answers() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(GOLDEN);
    let mut seen = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let golden = entry.unwrap().path();
        let program = Program::new();
        program
            .run(&["restore", golden.to_str().unwrap()])
            .ended_with(0);
        holding::is_sound(&program, golden.to_str().unwrap());
        let told = program
            .run(&["ask", "--json", QUESTION])
            .ended_with(0)
            .json();
        assert!(
            told["answer"].as_str().unwrap().contains("89 euros"),
            "{told}"
        );
        assert_eq!(told["citations"][0]["page"], 1);
        let numbers = holding::is_settled(&program, golden.to_str().unwrap());
        assert_eq!(numbers["documents"], 1);
        assert_eq!(
            numbers["questions"], 2,
            "the one of then and the one of now"
        );
        seen += 1;
    }
    assert!(seen > 0);
    figure("R14", "schemas of golden files brought to the newest", seen);
}
