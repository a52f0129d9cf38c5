//! The face of the store, against real SQLite in temporary folders.
#![expect(clippy::unwrap_used, reason = "tests")]

mod answering;
mod documents;
mod qa;
mod world;
