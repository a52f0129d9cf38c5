//! The arrows between the rooms, and who alone may depend on a heavy crate, as data (architecture.md).
//!
//! A new line here is a design decision: ask first.

use crate::Result;
use crate::metadata::{Package, packages};

/// What each room may import of ours.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("net", &[]),
    ("store", &["domain"]),
    ("extract", &["domain"]),
    ("search", &["domain"]),
    ("engine", &["domain", "net"]),
    ("intake", &["domain", "net"]),
    ("mail", &["domain", "net"]),
    ("botapi", &["domain"]),
    (
        "app",
        &[
            "domain", "net", "store", "extract", "search", "engine", "intake", "mail", "botapi",
        ],
    ),
    // Of the store api and telegram know only row structs, which the use cases take and give back (decision 4):
    // never SQL.
    ("api", &["app", "domain", "store"]),
    ("telegram", &["app", "domain", "net", "store"]),
    (
        "testkit",
        &[
            "app", "store", "search", "engine", "domain", "botapi", "extract", "net",
        ],
    ),
    (
        "chatai",
        &[
            "domain", "net", "store", "extract", "search", "engine", "app", "api", "telegram",
            "botapi",
        ],
    ),
    ("xtask", &[]),
];

/// What the tests of a room may import of ours besides: the room of test tools.
const TESTS_MAY_IMPORT: &[(&str, &[&str])] = &[
    ("app", &["testkit"]),
    ("api", &["testkit", "store", "extract", "engine", "net"]),
    ("telegram", &["testkit", "botapi"]),
    ("chatai", &["testkit", "botapi"]),
];

/// Heavy crates, and the only rooms that may depend on them.
const ONLY: &[(&str, &[&str])] = &[
    ("reqwest", &["net"]),
    ("rusqlite", &["store"]),
    ("tantivy", &["search"]),
    ("candle-core", &["engine"]),
    ("candle-nn", &["engine"]),
    ("tokenizers", &["engine"]),
    ("lopdf", &["extract"]),
    ("calamine", &["extract"]),
    ("symphonia", &["extract"]),
    ("opus-decoder", &["extract"]),
    ("quick-xml", &["extract", "intake"]),
    ("scraper", &["extract", "intake"]),
    // Telegram writes an answer's Markdown as entities.
    ("pulldown-cmark", &["extract", "telegram"]),
    ("notify", &["intake"]),
    ("lettre", &["mail"]),
    ("axum", &["api", "botapi"]),
    ("tower-http", &["api"]),
    ("utoipa", &["api"]),
    ("rust-embed", &["api"]),
    ("teloxide", &["telegram"]),
    ("tauri", &["chatai"]),
    ("clap", &["chatai"]),
];

/// Checks every room; the error names each wrong arrow.
pub fn check() -> Result<()> {
    let all = packages()?;
    let rooms: Vec<&Package> = all.iter().filter(|package| package.ours).collect();
    let wrong = wrong_arrows(&rooms);
    match wrong.is_empty() {
        true => Ok(()),
        false => Err(wrong.join("\n").into()),
    }
}

fn wrong_arrows(rooms: &[&Package]) -> Vec<String> {
    let is_room = |name: &String| rooms.iter().any(|room| room.name == *name);
    let mut wrong = Vec::new();
    for room in rooms {
        let Some(permitted) = listed(MAY_IMPORT, &room.name) else {
            wrong.push(format!("{} is not in the list of rooms", room.name));
            continue;
        };
        let for_tests = listed(TESTS_MAY_IMPORT, &room.name).unwrap_or_default();
        for import in room.dependencies.iter().filter(|name| is_room(name)) {
            if !permitted.contains(&import.as_str()) {
                wrong.push(format!("{} must not import {import}", room.name));
            }
        }
        for import in room.test_dependencies.iter().filter(|name| is_room(name)) {
            if !permitted.contains(&import.as_str()) && !for_tests.contains(&import.as_str()) {
                wrong.push(format!(
                    "the tests of {} must not import {import}",
                    room.name
                ));
            }
        }
        for (heavy, owners) in ONLY {
            if room.dependencies.iter().any(|name| name == heavy)
                && !owners.contains(&room.name.as_str())
            {
                wrong.push(format!(
                    "{} must not depend on {heavy}: only {} may",
                    room.name,
                    owners.join(", ")
                ));
            }
        }
    }
    wrong
}

fn listed(list: &[(&str, &'static [&'static str])], name: &str) -> Option<&'static [&'static str]> {
    list.iter()
        .find(|(listed, _)| *listed == name)
        .map(|(_, names)| *names)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn room(name: &str, dependencies: &[&str]) -> Package {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Package {
            name: name.to_owned(),
            version: String::new(),
            licence: None,
            ours: true,
            dependencies: owned(dependencies),
            test_dependencies: owned(&[]),
        }
    }

    #[test]
    fn every_room_imports_only_rooms_below_it() {
        check().unwrap();
    }

    #[test]
    fn a_neighbour_a_stranger_and_a_heavy_crate_are_found() {
        let (store, search, cellar) = (
            room("store", &["search", "tantivy"]),
            room("search", &["tantivy"]),
            room("cellar", &[]),
        );
        assert_eq!(
            wrong_arrows(&[&store, &search, &cellar]),
            [
                "store must not import search",
                "store must not depend on tantivy: only search may",
                "cellar is not in the list of rooms"
            ]
        );
    }
}
