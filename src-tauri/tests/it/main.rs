//! The program from outside: its commands, its exit codes, and being killed.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test says what went wrong by failing, and the kill test how far it came"
)]

mod commands;
mod kill;
mod program;
