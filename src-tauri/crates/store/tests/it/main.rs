//! The face of the store, against real SQLite in temporary folders.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "tests")]

mod answering;
mod assistants;
mod backup;
mod cleanup;
mod documents;
mod isolation;
mod jobs;
mod kill;
mod labels;
#[cfg(unix)]
mod opening;
mod people;
mod qa;
mod recovery;
mod rotation;
#[path = "../../../testkit/shared/rounds.rs"]
mod rounds;
mod secrets;
mod speed;
mod switching;
mod versions;
mod world;
