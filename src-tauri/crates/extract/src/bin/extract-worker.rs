//! The child process of the reader, alone: for this room's tests and examples.

use std::process::ExitCode;

fn main() -> ExitCode {
    extract::work()
}
