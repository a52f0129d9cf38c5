//! The real runner on the real app against the strict fake Bot API server, over real connections. A test is named
//! after the rule it shows (telegram.md).

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test says what went wrong by failing, and figures are printed"
)]

mod connections;
mod console;
mod crowd;
mod files;
mod house;
mod incoming;
mod limits;
mod migrating;
#[path = "../../src/naughty.rs"]
mod naughty;
mod outages;
mod polling;
#[path = "../../../testkit/shared/rounds.rs"]
mod rounds;
mod secretary;
mod secrets;
mod sending;
mod storms;
mod streaming;
mod strings;
