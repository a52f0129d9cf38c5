//! Everything the program does that writes, each ready to be begun on a data folder of its own: what the tests
//! of faults break into.

use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::holding;
use crate::kill::copy_demo;
use crate::program::{Program, Ran};
use crate::strace::{self, CALLS};
use crate::web::Served;

const QUESTION: &str = "How much is the large inspection?";
/// The member who signs in where something is done over HTTP.
pub const EMAIL: &str = "owner@localhost";
/// Their password.
pub const PASSWORD: &str = "a long test sentence";

/// Something the program does.
pub struct Operation {
    /// What it is.
    pub name: &'static str,
    before: Program,
    how: How,
    /// How many of each of [`CALLS`] one of its threads makes at most.
    pub calls: [u64; CALLS.len()],
    /// Documents once it is done.
    documents: u64,
}

#[derive(Clone, Copy)]
enum How {
    /// A command; a word that begins with @ is a file beside the data folder.
    Command(&'static [&'static str]),
    /// Served, and one document is deleted.
    Delete,
}

/// All operations whose name is wanted; the one that makes vectors only where `CHATAI_TEST_MODELS` has the usual model.
pub fn operations(is_wanted: impl Fn(&str) -> bool) -> Vec<Operation> {
    let empty = Program::new();
    let folder = empty.beside("documents");
    fs::create_dir(&folder).unwrap();
    copy_demo(&folder);
    let full = empty.copied();
    let ingest = ["ingest", "@documents"];
    run(&full, &ingest).ended_with(0);
    run(&full, &["ask", QUESTION]).ended_with(0);
    run(&full, &["backup", "@all.chatai-backup"]).ended_with(0);
    run(
        &full,
        &["admin", "reset-password", EMAIL, "--password", PASSWORD],
    )
    .ended_with(0);
    let changed = full.copied();
    fs::write(
        changed.beside("documents").join("Delivery.md"),
        "# Delivery\n\nWe deliver on Tuesdays now.\n",
    )
    .unwrap();
    let command = |words: &'static [&'static str]| How::Command(words);
    let ingested = command(&["ingest", "@documents"]);
    let mut all = vec![
        ("ingest", empty.copied(), ingested),
        ("changed document", changed, ingested),
        ("delete", full.copied(), How::Delete),
        ("ask", full.copied(), command(&["ask", QUESTION])),
        ("reindex", full.copied(), command(&["reindex"])),
        ("backup", full.copied(), command(&["backup"])),
        (
            "restore",
            full.copied(),
            command(&["restore", "@all.chatai-backup"]),
        ),
    ];
    let models = env::var_os("CHATAI_TEST_MODELS").map(PathBuf::from);
    match models.filter(|models| models.join("multilingual-e5-small").is_dir()) {
        Some(models) => all.push(("embed", empty.with_models(models), ingested)),
        None => println!("not run: making vectors, for there is no model in CHATAI_TEST_MODELS"),
    }
    let wanted = all.into_iter().filter(|(name, ..)| is_wanted(name));
    wanted
        .map(|(name, before, how)| Operation::new(name, before, how))
        .collect()
}

impl Operation {
    fn new(name: &'static str, before: Program, how: How) -> Operation {
        let mut operation = Operation {
            name,
            before,
            how,
            calls: [0; CALLS.len()],
            documents: 0,
        };
        let program = operation.prepared();
        let log = program.beside("strace.log");
        operation.done(&program, strace::watching(&log));
        operation.calls = strace::counted(&log);
        let numbers = holding::is_settled(&program, name);
        operation.documents = numbers["documents"].as_u64().unwrap();
        operation
    }

    /// A data folder on which it can be begun.
    pub fn prepared(&self) -> Program {
        self.before.copied()
    }

    /// Does it, under `strace`. How the program ended.
    pub fn done(&self, program: &Program, mut strace: Command) -> Ran {
        match self.how {
            How::Command(words) => {
                strace::prefix(&mut strace, &command(program, words));
                Ran::of(&mut strace)
            }
            How::Delete => {
                let serve = program.command(&["serve", "--listen", "127.0.0.1:0"]);
                strace::prefix(&mut strace, &serve);
                delete_one(program, &mut strace)
            }
        }
    }

    /// Does it once more, without a fault, until it is done; then everything is as it should be.
    #[track_caller]
    pub fn completed(&self, program: &Program, after: &str) {
        holding::is_sound(program, after);
        holding::is_settled(program, after);
        match self.how {
            How::Command(words) => {
                run(program, words).ended_with(0);
            }
            How::Delete => {
                let numbers = holding::is_settled(program, after);
                // It was deleted before the fault, or not at all.
                if numbers["documents"].as_u64().unwrap() > self.documents {
                    let mut serve = program.command(&["serve", "--listen", "127.0.0.1:0"]);
                    delete_one(program, &mut serve).ended_with(0);
                }
            }
        }
        let numbers = holding::is_settled(program, &format!("{after}, done again"));
        assert_eq!(numbers["documents"], self.documents, "after {after}");
    }
}

fn command(program: &Program, words: &[&str]) -> Command {
    let words: Vec<String> = words
        .iter()
        .map(|word| match word.strip_prefix('@') {
            Some(name) => program.beside(name).to_str().unwrap().to_owned(),
            None => (*word).to_owned(),
        })
        .collect();
    program.command(&words.iter().map(String::as_str).collect::<Vec<_>>())
}

fn run(program: &Program, words: &[&str]) -> Ran {
    Ran::of(&mut command(program, words))
}

/// Serves, signs in, deletes the first document and ends. A fault may end all of it at any moment.
fn delete_one(program: &Program, serve: &mut Command) -> Ran {
    let served = Served::start(program, serve);
    if let Ok(mut client) = served.signed_in(EMAIL, PASSWORD)
        && let Ok(listed) = client.get("/api/documents")
        && let Some(id) = listed.json()["items"][0]["id"].as_str()
    {
        // The answer does not matter here: what was done is looked at afterwards.
        let _ = client.delete(&format!("/api/documents/{id}"));
    }
    served.end()
}
