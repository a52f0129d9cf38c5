//! The real runner on the real app against the strict fake Bot API server, over real connections. A test is named
//! after the rule it shows (telegram.md).

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test says what went wrong by failing, and figures are printed"
)]

mod console;
mod house;
mod incoming;
mod outages;
mod polling;
#[expect(dead_code, reason = "only the number of rounds is asked here")]
#[path = "../../../testkit/shared/rounds.rs"]
mod rounds;
mod sending;
