//! The face of the store, against real SQLite in temporary folders.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "tests")]

mod activity;
mod answering;
mod assistants;
mod attachments;
mod audit;
mod backup;
mod bots;
mod cleanup;
mod console;
mod documents;
mod handoffs;
mod inbox;
mod isolation;
mod jobs;
mod kill;
mod labels;
#[cfg(unix)]
mod opening;
mod outbox;
mod people;
mod post;
mod qa;
mod recovery;
mod rotation;
#[path = "../../../testkit/shared/rounds.rs"]
mod rounds;
mod secrets;
mod speed;
mod switching;
mod unanswered;
mod updates;
mod versions;
mod world;
