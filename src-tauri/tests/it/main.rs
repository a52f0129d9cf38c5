//! The program from outside: its commands, its exit codes, and what it does under faults (reliability.md).

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test says what went wrong by failing, and the tests of faults how far they came"
)]

mod bots;
mod commands;
mod downloads;
mod holding;
mod hours;
mod kill;
mod messenger;
mod models;
mod program;
#[path = "../../crates/testkit/shared/rounds.rs"]
mod rounds;
mod simulate;
mod talking;
mod versions;

// Faults that are made with what Linux has: strace, small disks in memory, limits of open files.
#[cfg(target_os = "linux")]
mod broken_disk;
#[cfg(target_os = "linux")]
mod crowded;
#[cfg(target_os = "linux")]
mod damaged;
#[cfg(target_os = "linux")]
mod little_memory;
#[cfg(target_os = "linux")]
mod operations;
#[cfg(target_os = "linux")]
mod points;
#[cfg(target_os = "linux")]
mod service;
#[cfg(target_os = "linux")]
mod strace;
#[cfg(target_os = "linux")]
mod tokens;
#[cfg(target_os = "linux")]
mod web;
