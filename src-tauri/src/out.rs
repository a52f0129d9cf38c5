//! What the program says on standard output.
//!
//! Std's own macros panic when nobody reads any more, which is how `chatai doctor | head` ends a pipe. Those of this
//! file stand in their place: the command ends there as other commands do, quietly.

use std::fmt;
use std::io::{self, ErrorKind, Write};
use std::process;

/// Exit code of a command whose reader has gone: 128 and the number of the signal that others die of (SIGPIPE).
const READER_GONE: i32 = 141;

/// Says it, as [`print!`](std::print) does. Does not return when nobody can hear it.
///
/// A server says where it is reached and goes on without a listener: see [`heard_or_not`].
pub fn say(words: fmt::Arguments<'_>) {
    let Err(error) = io::stdout().lock().write_fmt(words) else {
        return;
    };
    if error.kind() == ErrorKind::BrokenPipe {
        process::exit(READER_GONE);
    }
    eprintln!("chatai: nothing can be written to standard output: {error}");
    process::exit(1);
}

/// Says a line that nobody needs to hear: what runs on does not end for it.
pub fn heard_or_not(line: &str) {
    let _ = writeln!(io::stdout().lock(), "{line}");
}

macro_rules! print {
    ($($words:tt)*) => { $crate::out::say(format_args!($($words)*)) };
}

macro_rules! println {
    () => { $crate::out::say(format_args!("\n")) };
    ($($words:tt)*) => { $crate::out::say(format_args!("{}\n", format_args!($($words)*))) };
}
