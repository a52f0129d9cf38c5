//! Bytes of a file -> blocks of text with page, heading, row and character positions; and bytes of a recording ->
//! its sound.
//!
//! Owns: finding out the format, one reader for each format, the limits that a hostile file meets, and the
//! child process in which files of strangers are read. [`Reader`] is what the program uses; [`read`] and [`sound()`]
//! are the same work in this process, for the child and for tests.
//! Not here: passages and languages (`search`), what is said in a recording (`engine`), storing anything (`store`), the network.
//!
//! To add a format: one file in `formats/` with `read(bytes, builder, progress)`, one line in
//! [`format::Format`], and the sign by which its bytes are known.

mod blocks;
mod clean;
mod compound;
mod encoding;
mod format;
mod formats;
mod header;
mod images;
mod limits;
mod package;
mod sound;
mod table;
mod worker;
mod xml;

use std::panic::{AssertUnwindSafe, catch_unwind};

use domain::document::{Block, ReadFailure, ReadReport};
use serde::{Deserialize, Serialize};

use crate::format::Format;

pub use crate::sound::sound;
pub use crate::worker::child::work;
pub use crate::worker::reader::{Reader, ReaderConfig};

/// What a document was read into.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extracted {
    /// The title found inside, if there is one.
    pub title: Option<String>,
    /// Media type, as found from the bytes.
    pub media_type: String,
    /// The text in reading order. Joined by one line feed it is the document's text.
    pub blocks: Vec<Block>,
    /// How it went, in numbers.
    pub report: ReadReport,
}

/// Reads a document in this process: no limit on time or memory, so only the child process and tests do it.
///
/// `name` is the file's name; it decides only between formats that are plain text. `progress` receives the
/// parts (pages, sheets) read so far and how many there are, 0 when that is not known.
///
/// # Errors
/// The [`ReadFailure`] to show. A parser that panics is [`ReadFailure::ReaderStopped`].
pub fn read(
    bytes: &[u8],
    name: &str,
    progress: &mut dyn FnMut(u32, u32),
) -> Result<Extracted, ReadFailure> {
    if bytes.len() as u64 > limits::FILE_BYTES {
        return Err(ReadFailure::TooLarge);
    }
    let format = Format::find_out(bytes, name)?;
    // The readers share nothing with the caller but `progress`, so nothing half-changed survives a panic.
    let read = catch_unwind(AssertUnwindSafe(|| format.read(bytes, progress)));
    read.unwrap_or(Err(ReadFailure::ReaderStopped))
}
