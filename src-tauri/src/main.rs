//! The program `chatai`: it reads what it is told, puts the rooms together, and runs.
//!
//! Owns: the command line, where things lie on this computer, the window, and the demo company's files.
//! Not here: business rules (`app`), HTTP (`api`), SQL (`store`).
#![cfg_attr(
    all(windows, not(debug_assertions), feature = "desktop"),
    windows_subsystem = "windows"
)]

// Its macros stand for std's in every module below.
#[macro_use]
mod out;

mod boot;
mod cli;
mod company;
mod compose;
#[cfg(feature = "desktop")]
mod desktop;
mod exit;
mod folders;
#[cfg(feature = "desktop")]
mod keychain;
mod local;
mod log;
mod moving;
mod open_files;
mod serve;
mod simulator;
mod systemd;
mod updates;
mod values;

use std::env;
use std::process::ExitCode;

/// The branch of the child process that reads documents (security.md C6).
const READ_DOCUMENTS: &str = "read-documents";

fn main() -> ExitCode {
    // First of all, before anything else is set up: the child that parses strangers' files has nothing to
    // lose but itself.
    if env::args_os()
        .nth(1)
        .is_some_and(|argument| argument == READ_DOCUMENTS)
    {
        return extract::work();
    }
    if let Some(sentence) = boot::unfit_processor() {
        eprintln!("{sentence}");
        return ExitCode::from(exit::UNFIT);
    }
    net::install_crypto();
    cli::run()
}
