//! The face of the store, against real SQLite in temporary folders.
#![expect(clippy::unwrap_used, reason = "tests")]

mod answering;
mod assistants;
mod backup;
mod documents;
mod isolation;
mod jobs;
mod kill;
mod labels;
#[cfg(unix)]
mod opening;
mod people;
mod qa;
mod secrets;
mod speed;
mod versions;
mod world;
