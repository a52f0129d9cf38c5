//! What parent and child say to each other: frames of a length (4 bytes, little endian) and JSON. A request is
//! followed by the file's bytes.

use std::io::{self, ErrorKind, Read, Write};

use domain::document::{Block, ReadFailure, ReadReport};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// Longest frame in bytes. Blocks are sent in batches that stay far below it.
const LONGEST: u32 = 64 << 20;

/// Parent to child: read this.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Request {
    /// What is wanted of it.
    pub(crate) wanted: Wanted,
    /// How many bytes of the file follow this frame.
    pub(crate) size: u64,
}

/// What is wanted of a file.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Wanted {
    /// The text of a document of this name.
    Text { name: String },
    /// The sound of a recording of at most so many seconds.
    Sound { most_seconds: u64 },
}

/// Child to parent.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Reply {
    /// Parts read so far, of how many.
    Progress { done: u32, total: u32 },
    /// The next blocks of the document.
    Blocks(Vec<Block>),
    /// All blocks are sent; the document is read.
    Done {
        title: Option<String>,
        media_type: String,
        report: ReadReport,
    },
    /// The next numbers of the sound.
    Sound(Vec<i16>),
    /// All of the sound is sent.
    Heard,
    /// The document, or the recording, cannot be read.
    Failed(ReadFailure),
}

/// Writes one frame and flushes it.
pub(crate) fn write(to: &mut impl Write, message: &impl Serialize) -> io::Result<()> {
    let json = serde_json::to_vec(message)?;
    let length = u32::try_from(json.len())
        .ok()
        .filter(|length| *length <= LONGEST);
    let length = length.ok_or_else(|| io::Error::from(ErrorKind::InvalidData))?;
    to.write_all(&length.to_le_bytes())?;
    to.write_all(&json)?;
    to.flush()
}

/// Reads one frame; `None` when the other side has closed the pipe between two frames.
pub(crate) fn read<T: DeserializeOwned>(from: &mut impl Read) -> io::Result<Option<T>> {
    let mut length = [0; 4];
    match from.read_exact(&mut length) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(None),
        Err(error) => return Err(error),
    }
    let length = u32::from_le_bytes(length);
    if length > LONGEST {
        return Err(ErrorKind::InvalidData.into());
    }
    let mut json = vec![0; length as usize];
    from.read_exact(&mut json)?;
    Ok(Some(serde_json::from_slice(&json)?))
}
