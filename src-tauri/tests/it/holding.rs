//! What must hold after any fault (reliability.md I2, I3, I5, I6): looked at by the program itself, and in its
//! database.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};
use serde_json::Value;

use crate::program::Program;

/// The queries that are shared with the tests of `store`.
const INVARIANTS: &str = include_str!("../../crates/testkit/shared/invariants.sql");

/// The program finds nothing wrong, and neither does a look into its database. Starts the program.
#[track_caller]
pub fn is_sound(program: &Program, after: &str) {
    let ran = program.run(&["doctor", "--deep"]);
    assert_eq!(
        ran.code(),
        Some(0),
        "after {after}: {}{}",
        ran.text(),
        ran.complaint()
    );
    database_holds(&program.data().join("chatai.db"), after);
}

/// Lets everything left be done; then nothing is open, unanswered or answered twice. Gives the numbers.
#[track_caller]
pub fn is_settled(program: &Program, after: &str) -> Value {
    let ran = program.run(&["doctor", "--deep", "--settle", "--json"]);
    assert_eq!(
        ran.code(),
        Some(0),
        "after {after}: {}{}",
        ran.text(),
        ran.complaint()
    );
    let told = ran.json();
    let numbers = &told["numbers"];
    for nothing in [
        "documents_open",
        "questions_unanswered",
        "answers_to_nothing",
    ] {
        // A fault before there was an owner leaves nothing to count.
        let counted = numbers.get(nothing).and_then(Value::as_u64);
        let is_nothing = numbers.is_null() || counted == Some(0);
        assert!(is_nothing, "{nothing} after {after}: {told}");
    }
    database_holds(&program.data().join("chatai.db"), after);
    numbers.clone()
}

/// Integrity, and every query of `invariants.sql` counts nothing.
#[track_caller]
pub fn database_holds(database: &Path, after: &str) {
    let conn = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let verdict: String = conn
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(verdict, "ok", "after {after}");
    for query in INVARIANTS.split(";\n") {
        let (name, sql) = named(query);
        if sql.is_empty() {
            continue;
        }
        let count: i64 = conn.query_row(&sql, [], |row| row.get(0)).unwrap();
        assert_eq!(count, 0, "{name}, after {after}");
    }
}

fn named(query: &str) -> (String, String) {
    let (comments, lines): (Vec<&str>, Vec<&str>) =
        query.lines().partition(|line| line.starts_with("--"));
    let name = comments.last().unwrap_or(&"").trim_start_matches("-- ");
    (name.to_owned(), lines.join("\n").trim().to_owned())
}
