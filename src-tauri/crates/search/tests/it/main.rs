//! The search room as its callers see it.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "tests")]

mod cutting;
mod following;
#[path = "../../../testkit/shared/rounds.rs"]
mod rounds;
mod searching;
mod surviving;
mod world;
