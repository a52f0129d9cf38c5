//! The face of the store, against real SQLite in temporary folders.
#![expect(clippy::unwrap_used, reason = "tests")]

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
mod secrets;
mod speed;
mod switching;
mod versions;
mod world;
