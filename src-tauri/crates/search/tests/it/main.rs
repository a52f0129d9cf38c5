//! The search room as its callers see it.

#![expect(clippy::unwrap_used, reason = "tests")]

mod cutting;
mod following;
mod searching;
mod surviving;
mod world;
